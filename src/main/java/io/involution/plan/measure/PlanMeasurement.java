package io.involution.plan.measure;

import io.involution.config.DeviceChoice;
import io.involution.data.DataSchema;
import io.involution.device.JvmFacts;
import io.involution.driver.GpuUse;
import io.involution.driver.RunInputs;
import io.involution.driver.input.Networks;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.Durability;
import io.involution.files.DurableFiles;
import io.involution.files.FileSystems;
import io.involution.files.UserPath;
import io.involution.files.WriteProbe;
import io.involution.model.network.Network;
import io.involution.model.network.NetworkBlueprint;
import io.involution.plan.Coefficients;
import io.involution.plan.CoefficientsFile;
import io.involution.plan.NetworkCosts;
import io.involution.plan.measure.RoundCalibration.Found;
import io.involution.spark.ClusterSession;
import io.involution.spark.TaskProfiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Measures the coefficients of a plan on the current cluster. */
public final class PlanMeasurement {
  private final ClusterSession session;
  private final RunInputs inputs;
  private final CalibrationLog log;

  /** Prepares a measurement on the current cluster. */
  public PlanMeasurement(RunInputs inputs, CalibrationLog log) {
    this.session = inputs.session();
    this.inputs = inputs;
    this.log = log;
  }

  /**
   * Measures.
   *
   * @param chosen the networks
   * @return the text of the coefficients file
   * @throws InputException when one cannot be trained on the devices of the tasks
   */
  public String run(List<Network> chosen) {
    int slots = inputs.everySlot();
    List<NetworkBlueprint> blueprints =
        chosen.stream().map(network -> Networks.untrained(network, DataSchema.CIFAR10)).toList();
    new GpuUse(inputs.devices(slots, DeviceChoice.AUTO)).requireFor(blueprints);
    TaskProfiles profiles = inputs.profiles(slots, DeviceChoice.AUTO);
    Map<String, NetworkCosts> networks = new LinkedHashMap<>();
    StepCalibration steps = new StepCalibration(session.context(), profiles, slots, log);
    for (NetworkBlueprint blueprint : blueprints) {
      networks.put(blueprint.label(), steps.measure(blueprint));
    }
    log.say("rounds whose workers compute nothing");
    Found found =
        new RoundCalibration(session.context(), profiles, slots, log).measure(steps.rounds());
    Coefficients coefficients =
        new Coefficients(
            measured(slots),
            networks,
            found.broadcast(),
            found.receive(),
            found.scheduling(),
            found.exchange());
    return CoefficientsFile.text(coefficients, comments());
  }

  /**
   * Makes sure before anything is measured that the file can be written; an existing one stays.
   *
   * @throws InputException when it cannot
   */
  public void requireWritable(String place) {
    access(
        place,
        (fileSystem, path) -> {
          if (fileSystem.exists(path) && fileSystem.getFileStatus(path).isDirectory()) {
            throw new IOException("it is a folder");
          }
          WriteProbe.run(fileSystem, path.getParent());
        });
  }

  /**
   * Writes the file.
   *
   * @throws InputException when it cannot be written
   */
  public void write(String place, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    access(
        place,
        (fileSystem, path) ->
            new DurableFiles(fileSystem).replace(path, bytes, Durability.ON_DISK));
  }

  private interface Access {
    void to(FileSystem fileSystem, Path path) throws IOException;
  }

  private void access(String place, Access access) {
    try {
      Path path = UserPath.of(place);
      FileSystem fileSystem = FileSystems.of(path, session.hadoop());
      access.to(fileSystem, fileSystem.makeQualified(path));
    } catch (IOException | IllegalArgumentException e) {
      throw UserPath.refused(
          "--measure %s cannot be written (%s): name a file that you are allowed to write",
          place, e, session.hadoop());
    }
  }

  private String measured(int slots) {
    JvmFacts driver = JvmFacts.here();
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %s with %d slots, Spark %s, %s",
        driver.processor(),
        driver.cores(),
        Places.shown(session.context().master()),
        slots,
        session.context().version(),
        LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC));
  }

  private List<String> comments() {
    List<String> comments = new ArrayList<>();
    comments.add("Times of the parts of a round, in seconds: for plan --coefficients. Created by");
    comments.add(
        String.format(
            Locale.ROOT,
            "  plan --measure FILE --rounds %d --warm-up %d",
            log.rounds(),
            log.warmUpSeconds()));
    comments.add("Median (minimum to maximum) of the measurements:");
    log.timings().forEach(timing -> comments.add("  " + timing));
    return comments;
  }
}
