package io.involution.driver.provenance;

import io.involution.config.DeclaredOption;
import io.involution.config.InvolutionOptions;
import io.involution.config.Option.Effect;
import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.data.DataFingerprint;
import io.involution.driver.input.Networks;
import io.involution.train.EpochPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything that determines a run's result, as text by name: equal identities give equal bits, and
 * a run can only be resumed with the same identity.
 *
 * @param values the texts
 */
public record RunIdentity(Map<String, String> values) {

  /**
   * Facts that options refer to.
   *
   * @param data the data's fingerprint
   * @param initSha256 digest of the model file that training starts from, if there is one
   * @param devices what the workers compute on
   */
  public record Facts(DataFingerprint data, Optional<String> initSha256, List<String> devices) {
    /** Such as {@code cpu}: their numbers do not matter. */
    private Set<String> deviceKinds() {
      return devices.stream()
          .map(device -> device.replaceAll(":.*", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The identity of a run: the job, the facts that options refer to, and the other options. */
  public static RunIdentity of(TrainOptions options, EpochPlan plan, Facts facts) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("job_version", JobVersion.version());
    values.put("job_commit", JobVersion.commit());
    values.put("data_sha256", facts.data().sha256());
    values.put("train_examples", String.valueOf(plan.examples()));
    values.put("test_examples", String.valueOf(facts.data().testExamples()));
    values.put("workers", String.valueOf(plan.workers()));
    values.put("batch_size_per_worker", String.valueOf(plan.batchSizePerWorker()));
    values.put("averaging_period", plan.averagingPeriod().resolved(plan.stepsPerEpoch()).word());
    values.put("outer_step", plan.outerStep(options.averaging()).word());
    values.put("init_sha256", facts.initSha256().orElse(""));
    values.put("device", String.join(", ", facts.deviceKinds()));
    for (DeclaredOption option : TrainConfig.OPTIONS) {
      if (option.declaration().effect() == Effect.RESULT) {
        values.put(option.key(), option.text(options));
      }
    }
    if (Networks.involution(options).isEmpty()) {
      // They do not decide the result of a network without them.
      DeclaredOption.of(InvolutionOptions.class).forEach(option -> values.remove(option.key()));
    }
    return new RunIdentity(values);
  }

  /** The options as run.json shows them: as the user gave them, without secrets. */
  public static Map<String, Object> shown(TrainOptions options, String out) {
    Map<String, Object> shown = new LinkedHashMap<>();
    for (DeclaredOption option : TrainConfig.OPTIONS) {
      if (option.declaration().effect() != Effect.START) {
        shown.put(option.key(), option.recorded(options));
      }
    }
    shown.put("out", out);
    return shown;
  }
}
