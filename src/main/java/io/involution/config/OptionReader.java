package io.involution.config;

import static java.util.Map.entry;

import com.typesafe.config.Config;
import io.involution.config.ExampleOptions.ImageSize;
import io.involution.config.option.Choice;
import io.involution.config.option.Option;
import io.involution.config.option.Records;
import io.involution.config.training.AveragingPeriod;
import io.involution.config.value.Augmentation;
import io.involution.config.value.CheckpointCadence;
import io.involution.config.value.EpochCount;
import io.involution.config.value.EvaluationCadence;
import io.involution.config.value.TimeLimit;
import io.involution.config.value.WeightAverage;
import io.involution.failure.InputException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Creates a record of options from a section of a configuration; parses values of every type. */
final class OptionReader {
  /** Types whose values have a text format of their own. */
  private static final Map<Class<?>, Function<String, Object>> TEXTS =
      Map.ofEntries(
          entry(String.class, text -> text),
          entry(Augmentation.class, Augmentation::parse),
          entry(AveragingPeriod.class, AveragingPeriod::parse),
          entry(ModelChoice.class, ModelChoice::parse),
          entry(NormalizeChoice.class, NormalizeChoice::parse),
          entry(CheckpointCadence.class, CheckpointCadence::parse),
          entry(WeightAverage.class, WeightAverage::parse),
          entry(EpochCount.class, EpochCount::parse),
          entry(EvaluationCadence.class, EvaluationCadence::parse),
          entry(ImageSize.class, ImageSize::parse),
          entry(List.class, ReportOptions::images));

  private final Config section;
  private final GivenOptions given;

  /**
   * A reader.
   *
   * @param section the values, by the options' names
   * @param given which of them are not defaults
   */
  OptionReader(Config section, GivenOptions given) {
    this.section = section;
    this.given = given;
  }

  /**
   * Reads the options that a record and its nested records declare.
   *
   * @throws InputException for a value that is invalid or out of bounds
   * @throws com.typesafe.config.ConfigException for a value of the wrong type
   */
  <R extends Record> R read(Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      if (components[i].getType() == GivenOptions.class) {
        values[i] = given;
      } else {
        values[i] =
            components[i].isAnnotationPresent(Option.class)
                ? value(DeclaredOption.of(components[i]))
                : read(components[i].getType().asSubclass(Record.class));
      }
    }
    return Records.of(type, values);
  }

  private Object value(DeclaredOption option) {
    Object value = option.isOptional() ? optional(option) : value(option.name(), option.type());
    option.check(value);
    return value;
  }

  private Optional<?> optional(DeclaredOption option) {
    String name = option.name();
    Class<?> type = option.type();
    if (type == Integer.class) {
      return Optional.of(whole(name)).filter(number -> number != 0);
    }
    String text = section.getString(name);
    if (text.isEmpty() || (type == Double.class && text.equals("auto"))) {
      return Optional.empty();
    }
    return Optional.of(value(name, type));
  }

  private Object value(String name, Class<?> type) {
    if (type == int.class) {
      return whole(name);
    } else if (type == long.class) {
      long value = section.getLong(name);
      requireWhole(name, (double) value);
      return value;
    } else if (type == double.class || type == Double.class) {
      return section.getDouble(name);
    } else if (type == boolean.class) {
      return section.getBoolean(name);
    }
    String text = section.getString(name);
    if (type.isEnum()) {
      return Choice.parse(name, text, type);
    }
    return type == Duration.class
        ? TimeLimit.parse(name, text).orElseThrow()
        : TEXTS.get(type).apply(text);
  }

  private int whole(String name) {
    int value = section.getInt(name);
    requireWhole(name, value);
    return value;
  }

  /** Typesafe Config would truncate fractions. */
  private void requireWhole(String name, double read) {
    double written = section.getDouble(name);
    if (read != written) {
      throw new InputException(
          "--"
              + name
              + " is "
              + written
              + ", which is not a whole number: see "
              + TrainConfig.FILE);
    }
  }
}
