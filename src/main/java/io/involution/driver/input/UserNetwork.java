package io.involution.driver.input;

import io.involution.config.ModelChoice;
import io.involution.data.DataSchema;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.model.configuration.ConfigurationReader;
import io.involution.model.configuration.NetworkRules;
import io.involution.model.network.Network;
import io.involution.model.network.NetworkDesign;
import io.involution.model.network.NetworkOptions;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * A network that a user describes, in a file or by a class.
 *
 * @param label its name
 * @param reader refuses it
 * @param design the configuration for some images and classes, not checked yet
 */
record UserNetwork(
    String label,
    ConfigurationReader reader,
    Function<DataSchema, ComputationGraphConfiguration> design)
    implements Network {
  private static final String FIX = "see networks.md for what a network can be";

  /**
   * Reads what the user has named.
   *
   * @param word a file, or class: with a class's name
   * @throws InputException when it cannot be read, or is no network
   */
  static UserNetwork of(String word, Configuration hadoop) {
    ConfigurationReader reader = new ConfigurationReader("--model " + Places.shown(word), FIX);
    String label = ModelChoice.label(word);
    if (word.startsWith(ModelChoice.CLASS)) {
      NetworkDesign design = design(word, word.substring(ModelChoice.CLASS.length()));
      return new UserNetwork(label, reader, schema -> designed(design, reader, schema));
    }
    byte[] text = DriverFile.settings("--model", word, hadoop);
    boolean yaml = !word.endsWith(".json");
    // Refused now, and read again each time: clones share their updaters, which options change.
    reader.network(text, yaml);
    return new UserNetwork(label, reader, schema -> reader.network(text, yaml));
  }

  private static NetworkDesign design(String word, String name) {
    try {
      Class<?> type = Class.forName(name, true, Thread.currentThread().getContextClassLoader());
      return type.asSubclass(NetworkDesign.class).getConstructor().newInstance();
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--model %s cannot be made (%s): name a public class that implements %s and has a"
                  + " constructor without arguments, and add its jar with --jars",
              word,
              Places.reason(e),
              NetworkDesign.class.getName()),
          e);
    }
  }

  /** What a class makes is read like a file: it may use the same layers and no others. */
  private static ComputationGraphConfiguration designed(
      NetworkDesign design, ConfigurationReader reader, DataSchema schema) {
    String json;
    try {
      json = design.configuration(schema.image(), schema.classCount()).toJson();
    } catch (RuntimeException e) {
      throw reader.refused(e);
    }
    return reader.graph(json.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public ComputationGraphConfiguration configuration(NetworkOptions options) {
    ComputationGraphConfiguration network = design.apply(options.schema());
    // In a trained model's description they count its steps: schedules would begin after them.
    network.setIterationCount(0);
    network.setEpochCount(0);
    return new NetworkRules(reader, options.schema()).trainable(network);
  }
}
