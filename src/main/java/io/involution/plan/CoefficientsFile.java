package io.involution.plan;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.involution.config.hocon.HoconFile;
import io.involution.failure.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Coefficients as a HOCON file: the one in the job jar, or the user's. */
public final class CoefficientsFile {
  private static final String OPTION = "--coefficients ";
  private static final String ROOT = "plan";
  private static final String GPU = "plan-gpu";
  private static final String NETWORKS = "networks";
  private static final String REFERENCE = "conf/plan.conf";

  private CoefficientsFile() {}

  /**
   * The coefficients in the job jar.
   *
   * @param gpus those of GPUs, or of CPUs
   */
  public static Coefficients shipped(boolean gpus) {
    return coefficients(defaults().getConfig(gpus ? GPU : ROOT));
  }

  /**
   * Reads a file that plan --measure has written, or one like that of the job jar.
   *
   * @param name the file's name
   * @param text its content
   * @param gpus whether its part for GPUs is wanted, if it has one
   * @throws InputException for an unknown or missing key, or a value of the wrong type or out of
   *     range
   */
  public static Coefficients read(String name, String text, boolean gpus) {
    Config given = HoconFile.parse(OPTION + name, text, known(), REFERENCE);
    try {
      return coefficients(given.getConfig(gpus && given.hasPath(GPU) ? GPU : ROOT));
    } catch (ConfigException e) {
      throw refused(name, HoconFile.oneLine(e), e);
    } catch (IllegalArgumentException e) {
      throw refused(name, e.getMessage(), e);
    }
  }

  /**
   * Returns the text of a file.
   *
   * @param coefficients its content
   * @param comments lines at its beginning
   */
  public static String text(Coefficients coefficients, List<String> comments) {
    StringBuilder text = new StringBuilder();
    comments.forEach(line -> text.append(("# " + line).stripTrailing()).append('\n'));
    text.append(ROOT).append(" {\n");
    text.append("  measured = ").append(ConfigUtil.quoteString(coefficients.measured()));
    text.append(
        "\n\n  # A worker: its model state, a local step, what a step takes longer with all");
    text.append(" slots busy\n  # than alone, and copying the state in and out.\n  networks {\n");
    coefficients.networks().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(network -> text.append(network(network.getKey(), network.getValue())));
    text.append("  }\n\n  # Driver: offering a model state. Executor: fetching and reading it.\n");
    line(text, "broadcast", coefficients.broadcast(), "byte");
    line(text, "receive", coefficients.receive(), "byte");
    text.append("\n  # The scheduler: a job, and every task of it.\n");
    line(text, "scheduling", coefficients.scheduling(), "task");
    ExchangeCosts exchange = coefficients.exchange();
    text.append("\n  # A byte of a task's result until the driver has it, and of an update to be");
    text.append(" averaged; a block\n  # of a shuffle.\n");
    text.append("  exchange { result-per-byte = ").append(number(exchange.resultPerByte()));
    text.append(", average-per-byte = ").append(number(exchange.averagePerByte()));
    text.append(", shuffle-per-block = ").append(number(exchange.shufflePerBlock()));
    return text.append(" }\n}\n").toString();
  }

  private static String network(String name, NetworkCosts costs) {
    return String.format(
        Locale.ROOT,
        """
            %s {
              state-bytes = %d
              step { fixed = %s, per-example = %s }
              contention = %s
              copy = %s
            }
        """,
        ConfigUtil.joinPath(name),
        costs.stateBytes(),
        number(costs.step().fixed()),
        number(costs.step().each()),
        number(costs.contention()),
        number(costs.copySeconds()));
  }

  private static void line(StringBuilder text, String key, Line line, String unit) {
    text.append("  ").append(key).append(" { fixed = ").append(number(line.fixed()));
    text.append(", per-").append(unit).append(" = ").append(number(line.each())).append(" }\n");
  }

  /** Three digits, the precision of a measurement. */
  private static String number(double value) {
    return String.format(Locale.ROOT, value >= 1e-3 || value == 0 ? "%.3g" : "%.2e", value);
  }

  private static Config defaults() {
    return ConfigFactory.parseResources(CoefficientsFile.class.getClassLoader(), "plan.conf")
        .resolve();
  }

  /** The keys of a user's file, whose networks have any names. */
  private static Config known() {
    Config plan = defaults().getConfig(ROOT);
    ConfigObject networks = plan.getObject(NETWORKS);
    ConfigValue any = networks.values().iterator().next();
    Config part = plan.withValue(NETWORKS, networks.withValue(HoconFile.ANY, any));
    return part.atPath(ROOT).withFallback(part.atPath(GPU));
  }

  private static Coefficients coefficients(Config plan) {
    Map<String, NetworkCosts> networks = new LinkedHashMap<>();
    for (String name : plan.getObject(NETWORKS).keySet()) {
      networks.put(name, network(plan.getConfig(ConfigUtil.joinPath(NETWORKS, name))));
    }
    return new Coefficients(
        plan.getString("measured"),
        networks,
        line(plan.getConfig("broadcast"), "per-byte"),
        line(plan.getConfig("receive"), "per-byte"),
        line(plan.getConfig("scheduling"), "per-task"),
        new ExchangeCosts(
            plan.getDouble("exchange.result-per-byte"),
            plan.getDouble("exchange.average-per-byte"),
            plan.getDouble("exchange.shuffle-per-block")));
  }

  private static NetworkCosts network(Config network) {
    return new NetworkCosts(
        network.getLong("state-bytes"),
        line(network.getConfig("step"), "per-example"),
        network.getDouble("contention"),
        network.getDouble("copy"));
  }

  private static Line line(Config line, String each) {
    return new Line(line.getDouble("fixed"), line.getDouble(each));
  }

  private static InputException refused(String name, String why, Exception cause) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "%s%s cannot be used (%s): measure again with plan --measure FILE, or see %s",
            OPTION,
            name,
            why,
            REFERENCE),
        cause);
  }
}
