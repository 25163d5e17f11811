package io.involution.report.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Groups of runs that differ only in the seed. */
public final class RunGroups {
  private final List<RunData> runs;
  private final List<String> names;
  private final List<String> different;
  private final List<String> distinguishing;
  private final boolean seeds;

  /** The digests of the data that was at each location. */
  private final Map<String, Set<String>> data;

  /** Groups runs, in their order. */
  public RunGroups(List<RunData> runs) {
    this.runs = List.copyOf(runs);
    names = RunSettings.names(runs);
    different = names.stream().filter(name -> values(name).size() > 1).toList();
    distinguishing = new ArrayList<>();
    for (String name : different) {
      if (!follows(name)) {
        distinguishing.add(name);
      }
    }
    seeds = runs.stream().map(RunGroups::seed).distinct().count() > 1;
    data =
        runs.stream()
            .collect(
                Collectors.groupingBy(
                    RunGroups::location,
                    Collectors.mapping(run -> setting(run, RunSettings.DATA), Collectors.toSet())));
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
    return different.stream()
        .filter(name -> !name.equals(RunSettings.DATA) || distinguishing.contains(name))
        .toList();
  }

  /**
   * The settings that tell the runs of a network apart: those that differ, without what follows
   * from the ones before, such as the batch size per worker from the number of workers.
   */
  public List<String> distinguishing() {
    return List.copyOf(distinguishing);
  }

  /** Whether runs of a network that the settings so far do not tell apart share one more. */
  private boolean follows(String name) {
    Map<List<String>, String> known = new HashMap<>();
    for (RunData run : runs) {
      for (ModelData model : run.models()) {
        if (RunSettings.concerns(name, model) && RunSettings.isKnown(run, name)) {
          String value = setting(run, name);
          if (!known.computeIfAbsent(known(run, model), key -> value).equals(value)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** A network and what distinguishes the run's from others of it. */
  private List<String> known(RunData run, ModelData model) {
    List<String> known = new ArrayList<>(List.of(model.name()));
    concerning(List.of(model)).forEach(name -> known.add(setting(run, name)));
    return known;
  }

  private List<String> concerning(List<ModelData> models) {
    return distinguishing.stream()
        .filter(name -> models.stream().anyMatch(model -> RunSettings.concerns(name, model)))
        .toList();
  }

  /** A run's name: what tells it apart from the others; that of its folder if nothing does. */
  public String label(RunData run) {
    List<String> parts = new ArrayList<>();
    concerning(run.models()).forEach(name -> parts.add(shown(run, name)));
    if (seeds) {
      parts.add("seed " + seed(run));
    }
    return parts.isEmpty() ? folder(run) : String.join(", ", parts);
  }

  /** A setting with its name: of data, where it is, unless other data was there too. */
  private String shown(RunData run, String name) {
    if (name.equals(RunSettings.DATA) && data.get(location(run)).size() == 1) {
      return "data in " + location(run);
    }
    return name + " " + RunSettings.shortened(name, setting(run, name));
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

  /** The settings that all runs share, by name; without digests, which say nothing then. */
  public Map<String, String> shared() {
    Map<String, String> shared = new LinkedHashMap<>();
    for (String name : names) {
      String value = setting(runs.get(0), name);
      if (values(name).size() == 1
          && !value.equals(RunData.UNKNOWN)
          && !RunSettings.isDigest(name)) {
        shared.put(name, value);
      }
    }
    return shared;
  }

  /** The location of a setting in run.json. */
  public static String place(String name) {
    return "run.json#" + RunSettings.pointer(name);
  }

  /** A setting of a run. */
  public static String setting(RunData run, String name) {
    return run.text(RunSettings.pointer(name));
  }

  /** The groups, network by network, in the order of their first runs. */
  public List<Group> groups() {
    Map<List<String>, Group> groups = new LinkedHashMap<>();
    for (RunData run : runs) {
      for (ModelData model : run.models()) {
        groups.computeIfAbsent(known(run, model), key -> group(run, model)).members().add(model);
      }
    }
    List<Group> sorted = new ArrayList<>(groups.values());
    List<String> networks = sorted.stream().map(Group::network).distinct().toList();
    sorted.sort((a, b) -> networks.indexOf(a.network()) - networks.indexOf(b.network()));
    return sorted;
  }

  private Group group(RunData run, ModelData model) {
    List<String> label = concerning(List.of(model)).stream().map(name -> shown(run, name)).toList();
    return new Group(model.name(), String.join(", ", label), new ArrayList<>());
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
    return runs.stream()
        .filter(run -> RunSettings.isKnown(run, name))
        .map(run -> setting(run, name))
        .collect(Collectors.toSet());
  }
}
