package io.involution.report.run;

import io.involution.config.DeclaredOption;
import io.involution.config.TrainConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What determines a run's result besides the seed, by the names that a report shows. */
public final class RunSettings {
  /** What tells data of one kind and size apart. */
  static final String DATA = "data sha256";

  private static final String INIT = "init sha256";
  private static final String COMMIT = "job commit";

  /**
   * What the name of a user's network begins with in the identity: there are its digest and the
   * options that were given by hand.
   */
  public static final String NETWORK = "network ";

  /** Too long to be shown whole, and of no interest where they are the same. */
  private static final Set<String> DIGESTS = Set.of(DATA, INIT, COMMIT);

  /** A digest whose first digits tell it apart. */
  private static final Pattern LONG = Pattern.compile("([0-9a-f]{12})[0-9a-f]+");

  /**
   * Options that are not shown as settings: they are shown elsewhere, or other settings imply them.
   */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "model",
          "seed",
          "data",
          "train-limit",
          "test-limit",
          "workers",
          "device",
          "init",
          "batch-size",
          "batch-size-per-worker");

  /** Options that are shown under a shorter name. */
  private static final Map<String, String> NAMES =
      Map.of("averaging-period", "H", "augment", "augmentation", "validation", "held out");

  private static final Map<String, String> POINTERS = pointers();

  private RunSettings() {}

  /** The names of all settings, also of those of the networks that the runs have trained. */
  static List<String> names(List<RunData> runs) {
    List<String> names = new ArrayList<>(POINTERS.keySet());
    runs.stream()
        .flatMap(run -> run.models().stream())
        .map(model -> NETWORK + model.name())
        .distinct()
        .forEach(names::add);
    return names;
  }

  /** The JSON pointer of a setting in run.json. */
  static String pointer(String name) {
    return POINTERS.getOrDefault(name, "/identity/" + name);
  }

  /** Whether a setting is a digest, which runs of earlier versions may not have recorded. */
  static boolean isDigest(String name) {
    return DIGESTS.contains(name) || name.startsWith(NETWORK);
  }

  /** Whether a setting is known of a run, or is an option, where nothing is a value too. */
  static boolean isKnown(RunData run, String name) {
    return !isDigest(name) || !run.text(pointer(name)).equals(RunData.UNKNOWN);
  }

  /** Whether a network's result depends on a setting: not on the digest of another network. */
  static boolean concerns(String name, ModelData model) {
    return !name.startsWith(NETWORK) || name.equals(NETWORK + model.name());
  }

  /** A setting's value, short enough to name a run by. */
  static String shortened(String name, String value) {
    return isDigest(name) ? LONG.matcher(value).replaceAll("$1") : value;
  }

  /** Every option that determines the result, and the related facts that the run has recorded. */
  private static Map<String, String> pointers() {
    Map<String, String> pointers = new LinkedHashMap<>();
    pointers.put("data", "/dataset");
    pointers.put("training images", "/data/train_examples");
    pointers.put("test images", "/data/test_examples");
    pointers.put("workers", "/workers");
    pointers.put("batch size per worker", "/batch_size_per_worker");
    for (DeclaredOption option : TrainConfig.OPTIONS) {
      if (option.decidesResult() && !ELSEWHERE.contains(option.name())) {
        pointers.put(
            NAMES.getOrDefault(option.name(), option.name().replace('-', ' ')),
            "/options/" + option.key());
      }
    }
    // What was used: the option may say auto.
    pointers.put("device", "/identity/device");
    // Of a run that went on for longer than it was to.
    pointers.put("scheduled epochs", "/identity/scheduled_epochs");
    // Last: they follow from most of the others, which say more.
    pointers.put(DATA, "/data/sha256");
    pointers.put(INIT, "/identity/init_sha256");
    pointers.put(COMMIT, "/identity/job_commit");
    return pointers;
  }
}
