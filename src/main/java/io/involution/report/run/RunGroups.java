package io.involution.report.run;

import io.involution.config.DeclaredOption;
import io.involution.config.TrainConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Groups of runs that differ only in the seed. */
public final class RunGroups {
  /**
   * Options that are not shown as settings: they are shown elsewhere, or other options imply them.
   */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "model",
          "seed",
          "data",
          "train-limit",
          "test-limit",
          "workers",
          "batch-size",
          "batch-size-per-worker");

  /** Options that are shown under a shorter name. */
  private static final Map<String, String> NAMES =
      Map.of("averaging-period", "H", "augment", "augmentation", "validation", "held out");

  /** What tells data of one kind and size apart. */
  private static final String DIGEST = "data sha256";

  private static final int DIGITS = 12;

  /** What determines a result besides the seed, as JSON pointers into run.json. */
  private static final Map<String, String> SETTINGS = settings();

  private final List<RunData> runs;

  /** Groups runs, in their order. */
  public RunGroups(List<RunData> runs) {
    this.runs = List.copyOf(runs);
  }

  /**
   * Runs of one network with the same settings.
   *
   * @param network the network's name
   * @param label the settings that tell the groups of a network apart, as one line; empty if all
   *     groups have the same settings
   * @param members the network in each of the runs
   */
  public record Group(String network, String label, List<ModelData> members) {
    /** A metric, one value for each run that has it. */
    public List<Double> numbers(String pointer) {
      List<Double> numbers = new ArrayList<>();
      for (ModelData member : members) {
        Double number = member.number(pointer);
        if (number != null) {
          numbers.add(number);
        }
      }
      return numbers;
    }
  }

  /** The runs. */
  public List<RunData> runs() {
    return runs;
  }

  /**
   * The names of the settings that differ between the runs; not the digest of data that other
   * settings tell apart.
   */
  public List<String> differing() {
    boolean digest = distinguishing().contains(DIGEST);
    return different().stream().filter(name -> digest || !name.equals(DIGEST)).toList();
  }

  private List<String> different() {
    return SETTINGS.keySet().stream().filter(name -> values(name).size() > 1).toList();
  }

  /**
   * The settings that tell the runs of a network apart: those that differ, without what follows
   * from the ones before, such as the batch size per worker from the number of workers.
   */
  public List<String> distinguishing() {
    List<String> kept = new ArrayList<>();
    for (String name : different()) {
      Map<String, String> known = new HashMap<>();
      for (RunData run : runs) {
        String value = setting(run, name);
        if (!known.computeIfAbsent(known(run, kept), key -> value).equals(value)) {
          kept.add(name);
          break;
        }
      }
    }
    return kept;
  }

  private static String known(RunData run, List<String> names) {
    List<String> known = new ArrayList<>();
    run.models().forEach(model -> known.add(model.name()));
    names.forEach(name -> known.add(setting(run, name)));
    return String.join("\n", known);
  }

  /** A run's name: what tells it apart from the others; that of its folder if nothing does. */
  public String label(RunData run) {
    List<String> parts = new ArrayList<>();
    distinguishing().forEach(name -> parts.add(shown(run, name)));
    if (runs.stream().map(RunGroups::seed).distinct().count() > 1) {
      parts.add("seed " + seed(run));
    }
    return parts.isEmpty() ? folder(run) : String.join(", ", parts);
  }

  /** A setting with its name: of data, where it is, unless other data was there too. */
  private String shown(RunData run, String name) {
    String value = setting(run, name);
    if (!name.equals(DIGEST)) {
      return name + " " + value;
    }
    String location = location(run);
    boolean alone =
        runs.stream()
            .filter(other -> location(other).equals(location))
            .allMatch(other -> setting(other, DIGEST).equals(value));
    return alone
        ? "data in " + location
        : DIGEST + " " + value.substring(0, Math.min(DIGITS, value.length()));
  }

  private static String location(RunData run) {
    return run.text("/data/location");
  }

  /** The name of a run's folder. */
  public static String folder(RunData run) {
    return run.location().replaceAll("/+$", "").replaceAll(".*/", "");
  }

  private static String seed(RunData run) {
    return run.text("/options/seed");
  }

  /** The settings that all runs share, by name; without the digest, which says nothing then. */
  public Map<String, String> shared() {
    Map<String, String> shared = new LinkedHashMap<>();
    for (String name : SETTINGS.keySet()) {
      String value = setting(runs.get(0), name);
      if (values(name).size() == 1 && !value.equals("–") && !name.equals(DIGEST)) {
        shared.put(name, value);
      }
    }
    return shared;
  }

  /** The location of a setting in run.json. */
  public static String place(String name) {
    return "run.json#" + SETTINGS.get(name);
  }

  /** A setting of a run. */
  public static String setting(RunData run, String name) {
    return run.text(SETTINGS.get(name));
  }

  /** The groups, network by network, in the order of their first runs. */
  public List<Group> groups() {
    Map<String, Group> groups = new LinkedHashMap<>();
    List<String> distinguishing = distinguishing();
    for (RunData run : runs) {
      List<String> settings = distinguishing.stream().map(name -> setting(run, name)).toList();
      List<String> label = distinguishing.stream().map(name -> shown(run, name)).toList();
      for (ModelData model : run.models()) {
        groups
            .computeIfAbsent(
                model.name() + "\n" + settings,
                key -> new Group(model.name(), String.join(", ", label), new ArrayList<>()))
            .members()
            .add(model);
      }
    }
    List<Group> sorted = new ArrayList<>(groups.values());
    List<String> networks = sorted.stream().map(Group::network).distinct().toList();
    sorted.sort((a, b) -> networks.indexOf(a.network()) - networks.indexOf(b.network()));
    return sorted;
  }

  /** The mean of some numbers; null if there are none. */
  public static Double mean(List<Double> numbers) {
    return numbers.isEmpty()
        ? null
        : Double.valueOf(numbers.stream().mapToDouble(Double::doubleValue).sum() / numbers.size());
  }

  /** Their sample standard deviation; null for fewer than two. */
  public static Double deviation(List<Double> numbers) {
    if (numbers.size() < 2) {
      return null;
    }
    double mean = mean(numbers);
    double squares =
        numbers.stream().mapToDouble(number -> (number - mean) * (number - mean)).sum();
    return Math.sqrt(squares / (numbers.size() - 1));
  }

  private Set<String> values(String name) {
    Set<String> values = new TreeSet<>();
    runs.forEach(run -> values.add(setting(run, name)));
    return values;
  }

  /** Every option that determines the result, and the related facts that the run has recorded. */
  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("data", "/dataset");
    settings.put("training images", "/data/train_examples");
    settings.put("test images", "/data/test_examples");
    settings.put("workers", "/workers");
    settings.put("batch size per worker", "/batch_size_per_worker");
    for (DeclaredOption option : TrainConfig.OPTIONS) {
      if (option.decidesResult() && !ELSEWHERE.contains(option.name())) {
        settings.put(
            NAMES.getOrDefault(option.name(), option.name().replace('-', ' ')),
            "/options/" + option.key());
      }
    }
    // Last: it follows from most of the others, which say more.
    settings.put(DIGEST, "/data/sha256");
    return settings;
  }
}
