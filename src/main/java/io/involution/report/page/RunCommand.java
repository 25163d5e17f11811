package io.involution.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.involution.config.DeclaredOption;
import io.involution.config.TrainConfig;
import io.involution.report.run.RunData;
import io.involution.report.run.RunSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The command that repeats a run, or several where the numbers of epochs that it was to have, one
 * after the other, change its bits.
 *
 * @param run the run
 */
record RunCommand(RunData run) {
  /**
   * Options that are not copied: the next run gets its own folder, and the actual number of
   * workers.
   */
  private static final Set<String> LEFT_OUT = Set.of("out", "workers");

  private static final Set<String> OF_NETWORKS =
      TrainConfig.OPTIONS.stream()
          .filter(DeclaredOption::isOfNetwork)
          .map(DeclaredOption::key)
          .collect(Collectors.toUnmodifiableSet());

  /** The commands, in their order. */
  List<String> lines() {
    JsonNode scheduled = run.record().at("/identity/scheduled_epochs");
    if (scheduled.isMissingNode()) {
      return List.of(line(run.record().at("/options/epochs")));
    }
    List<String> lines = new ArrayList<>();
    // The last number is missing where the epochs after it changed nothing that was done before.
    Set<String> numbers = new LinkedHashSet<>(List.of(scheduled.asText().split(", ", -1)));
    numbers.add(run.record().at("/options/epochs").asText());
    for (String epochs : numbers) {
      String resume = lines.isEmpty() ? "" : " --resume";
      lines.add(line(TextNode.valueOf(epochs)) + " --out runs/repeated" + resume);
    }
    return lines;
  }

  private String line(JsonNode epochs) {
    String master = run.text("/cluster/master");
    List<String> words = new ArrayList<>(List.of("submit/" + target(master)));
    if (master.startsWith("spark://") || master.startsWith("k8s://")) {
      words.addAll(List.of("--master", quoted(master)));
    }
    if (gpus() > 0) {
      words.addAll(List.of("--gpus-per-executor", String.valueOf(gpus())));
    }
    words.add(run.isEvaluation() ? "evaluate" : "train");
    if (run.isEvaluation()) {
      words.add(quoted(run.text("/options/model")));
    }
    for (Map.Entry<String, JsonNode> option : run.record().path("options").properties()) {
      boolean given = run.isEvaluation() && option.getKey().equals("model");
      if (!given && !LEFT_OUT.contains(option.getKey()) && !isTheNetworks(option.getKey())) {
        add(words, option.getKey(), option.getKey().equals("epochs") ? epochs : option.getValue());
      }
    }
    add(words, "workers", run.record().path("workers"));
    return String.join(" ", words);
  }

  /** The largest number of GPUs that an executor's workers computed on. */
  private int gpus() {
    Map<String, Set<String>> gpus = new HashMap<>();
    for (JsonNode device : run.record().path("devices")) {
      if (device.path("gpu").isObject()) {
        gpus.computeIfAbsent(device.path("executor").asText(), executor -> new HashSet<>())
            .add(device.at("/gpu/uuid").asText());
      }
    }
    return gpus.values().stream().mapToInt(Set::size).max().orElse(0);
  }

  /** Whether a user's network says it itself: it was not given by hand. */
  private boolean isTheNetworks(String key) {
    if (!OF_NETWORKS.contains(key)) {
      return false;
    }
    String option = key.replace('_', '-');
    boolean own = false;
    for (Map.Entry<String, JsonNode> fact : run.record().path("identity").properties()) {
      if (fact.getKey().startsWith(RunSettings.NETWORK)) {
        own = true;
        if (List.of(fact.getValue().asText().split(" ", -1)).contains(option)) {
          return false;
        }
      }
    }
    return own;
  }

  private static void add(List<String> words, String key, JsonNode value) {
    String option = "--" + key.replace('_', '-');
    if (value.isBoolean()) {
      if (value.asBoolean()) {
        words.add(quoted(option));
      }
    } else if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(part -> parts.add(part.asText()));
      if (!parts.isEmpty()) {
        words.add(quoted(option));
        words.add(quoted(String.join(",", parts)));
      }
    } else if (value.isValueNode() && !value.isNull() && !value.asText().isEmpty()) {
      words.add(quoted(option));
      words.add(quoted(value.asText()));
    }
  }

  private static String target(String master) {
    if (master.startsWith("local-cluster")) {
      return "local-cluster";
    }
    if (master.startsWith("spark://")) {
      return "standalone";
    }
    return master.startsWith("yarn") ? "yarn" : master.startsWith("k8s") ? "k8s" : "local";
  }

  /** A word quoted for a shell. */
  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
