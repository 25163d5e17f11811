package io.involution.device;

import io.involution.failure.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Asks NVIDIA's driver which GPUs this host has, without ND4J and with a time limit. */
public final class NvidiaSmi {
  private static final String FIELDS = "index,uuid,name,compute_cap,driver_version,memory.total";
  private static final int FIELD_COUNT = 6;

  /** A GPU's infoROM is corrupted; the list is complete all the same. */
  private static final int CORRUPTED = 14;

  private final String program;
  private final Duration limit;

  /** Uses the program with this name or path, with a time limit. */
  public NvidiaSmi(String program, Duration limit) {
    this.program = program;
    this.limit = limit;
  }

  /** The nvidia-smi on the PATH. An idle GPU may take seconds to wake up. */
  public static NvidiaSmi onPath() {
    return new NvidiaSmi("nvidia-smi", Duration.ofSeconds(15));
  }

  /**
   * The answer of nvidia-smi.
   *
   * @param gpus the GPUs, at least one without a fault
   * @param fault why there are no GPUs, as part of a message; null without a fault
   */
  public record Answer(List<Gpu> gpus, String fault) {
    static Answer without(String fault) {
      return new Answer(List.of(), fault);
    }
  }

  /** Runs nvidia-smi. */
  public Answer ask() {
    try {
      HostCommand.Answer said =
          HostCommand.run(
              List.of(program, "--query-gpu=" + FIELDS, "--format=csv,noheader"), limit);
      return answer(said.code(), said.out(), said.err());
    } catch (HostCommand.NotStartedException e) {
      return Answer.without(
          e.isAbsent()
              ? "no nvidia-smi on the PATH, so no driver of NVIDIA"
              : "nvidia-smi cannot be started, " + Places.reason(e.getCause()));
    } catch (TimeoutException e) {
      return Answer.without("nvidia-smi gave " + e.getMessage());
    } catch (UncheckedIOException interruption) {
      return Answer.without("nvidia-smi was interrupted");
    } catch (IOException e) {
      return Answer.without("nvidia-smi cannot be read, " + Places.reason(e));
    }
  }

  static Answer answer(int code, String out, String err) {
    if ((out + err).contains("compute_cap")) {
      return Answer.without(
          "its nvidia-smi does not report the compute capability: the driver is too old");
    }
    List<String> said = lines(out + err);
    if (code != 0 && code != CORRUPTED) {
      return Answer.without(
          String.format(
              Locale.ROOT,
              "nvidia-smi failed with exit code %d%s",
              code,
              said.isEmpty() ? "" : ", " + said.get(0)));
    }
    List<Gpu> gpus = new ArrayList<>();
    for (String line : lines(out)) {
      if (line.startsWith("WARNING:")) {
        continue;
      }
      String[] fields = line.split(" *, *", -1);
      if (fields.length != FIELD_COUNT || !fields[0].matches("\\d{1,4}")) {
        return Answer.without("nvidia-smi says: " + line);
      }
      gpus.add(
          new Gpu(
              Integer.parseInt(fields[0]), fields[1], fields[2], fields[3], fields[4], fields[5]));
    }
    return gpus.isEmpty() ? Answer.without("nvidia-smi lists no GPU") : new Answer(gpus, null);
  }

  private static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
