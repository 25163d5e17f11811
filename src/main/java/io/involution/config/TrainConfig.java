package io.involution.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.involution.failure.InputException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the train command's options: the command line over the user's file over conf/train.conf.
 */
public final class TrainConfig {
  private static final String ROOT = "train";
  private static final String REFERENCE = "conf/train.conf";

  private TrainConfig() {}

  /**
   * Puts the options together.
   *
   * @param commandLine options given on the command line, by key without the leading hyphens
   * @param file text of the user's HOCON file and its name, where there is one
   * @throws InputException for an unknown key, a value of the wrong type or out of bounds
   */
  public static TrainOptions load(Map<String, Object> commandLine, Optional<NamedText> file) {
    Config defaults = defaults();
    Config user =
        file.map(
                named ->
                    HoconFile.parse("--config " + named.name(), named.text(), defaults, REFERENCE))
            .orElse(ConfigFactory.empty());
    Map<String, Object> overrides = new HashMap<>();
    commandLine.forEach((key, value) -> overrides.put(ROOT + "." + key, value));
    Config merged =
        ConfigFactory.parseMap(overrides, "the command line")
            .withFallback(user)
            .withFallback(defaults)
            .resolve();
    try {
      return options(merged.getConfig(ROOT));
    } catch (ConfigException e) {
      throw new InputException(HoconFile.oneLine(e) + ": see " + REFERENCE + " for the keys", e);
    }
  }

  /**
   * A file's text and the name to speak of it.
   *
   * @param name the file's name
   * @param text what it holds
   */
  public record NamedText(String name, String text) {}

  /** The defaults, as conf/train.conf states them; it is part of the job jar. */
  public static Config defaults() {
    return ConfigFactory.parseResources(TrainConfig.class.getClassLoader(), "train.conf");
  }

  private static TrainOptions options(Config train) {
    return new TrainOptions(
        ModelChoice.parse(train.getString("model")),
        train.getString("data"),
        whole(train, "epochs"),
        whole(train, "validation"),
        whole(train, "batch-size"),
        unlessZero(train, "batch-size-per-worker"),
        unlessZero(train, "workers"),
        averaging(train),
        DeviceChoice.parse(train.getString("device")),
        Choice.parse("trainer", train.getString("trainer"), TrainerChoice.class),
        unlessEmpty(train, "init"),
        learningRate(train),
        train.getDouble("weight-decay"),
        train.getBoolean("augment"),
        seed(train),
        unlessZero(train, "train-limit"),
        unlessZero(train, "test-limit"),
        whole(train, "wait-for-slots"),
        CheckpointCadence.parse(train.getString("checkpoint-every")),
        TimeLimit.parse("time-limit", train.getString("time-limit")),
        new InvolutionOptions(
            whole(train, "kernel-size"),
            whole(train, "groups"),
            whole(train, "reduction-ratio"),
            whole(train, "stride")),
        new OutputOptions(
            unlessEmpty(train, "out"), train.getBoolean("resume"), train.getBoolean("overwrite")),
        new ReportOptions(
            train.getBoolean("tensorboard"),
            unlessEmpty(train, "mlflow"),
            ReportOptions.images(train.getString("images"))));
  }

  private static AveragingOptions averaging(Config train) {
    return new AveragingOptions(
        AveragingPeriod.parse(train.getString("averaging-period")),
        Choice.parse("outer-step", train.getString("outer-step"), OuterStepChoice.class),
        unlessAuto(train, "outer-learning-rate"),
        unlessAuto(train, "outer-momentum"),
        Choice.parse("updater-state", train.getString("updater-state"), UpdaterStateChoice.class),
        ExchangeChoice.parse(train.getString("exchange")));
  }

  private static LearningRateOptions learningRate(Config train) {
    return new LearningRateOptions(
        train.getDouble("learning-rate"),
        Choice.parse(
            "learning-rate-scaling",
            train.getString("learning-rate-scaling"),
            LearningRateOptions.Scaling.class),
        train.getDouble("warmup-epochs"),
        Choice.parse(
            "learning-rate-decay",
            train.getString("learning-rate-decay"),
            LearningRateOptions.Decay.class));
  }

  private static Optional<Double> unlessAuto(Config train, String key) {
    return train.getString(key).equals("auto")
        ? Optional.empty()
        : Optional.of(train.getDouble(key));
  }

  private static Optional<Integer> unlessZero(Config train, String key) {
    int value = whole(train, key);
    return value == 0 ? Optional.empty() : Optional.of(value);
  }

  private static int whole(Config train, String key) {
    int value = train.getInt(key);
    requireWhole(key, value, train.getDouble(key));
    return value;
  }

  private static long seed(Config train) {
    long value = train.getLong("seed");
    requireWhole("seed", (double) value, train.getDouble("seed"));
    return value;
  }

  /** Typesafe Config cuts fractions off. */
  private static void requireWhole(String key, double read, double written) {
    if (read != written) {
      throw new InputException(
          "--" + key + " is " + written + ", no whole number: see conf/train.conf for the keys");
    }
  }

  private static Optional<String> unlessEmpty(Config train, String key) {
    return Optional.of(train.getString(key)).filter(value -> !value.isEmpty());
  }
}
