package io.involution.driver.input;

import io.involution.config.InvolutionOptions;
import io.involution.data.DataSchema;
import io.involution.data.synthetic.SyntheticImages;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.failure.PlainText;
import io.involution.model.ModelFile;
import io.involution.model.ModelMetadata;
import io.involution.model.Normalization;
import io.involution.model.configuration.ConfigurationReader;
import io.involution.model.configuration.NetworkRules;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.spark.device.DriverDevice;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network that has been read from a model.zip.
 *
 * @param blueprint the network, with its normalization
 * @param metadata its images and classes, and what else its file says; of a file that an older job
 *     wrote, what such files always are
 * @param graph the network with the file's parameters; the caller closes it
 */
public record SavedModel(
    NetworkBlueprint blueprint, ModelMetadata metadata, ComputationGraph graph) {
  /** Files of older jobs do not name their classes. */
  public static final List<String> NUMBERED = DataSchema.numbered(DataSchema.CIFAR10.classCount());

  private static final List<String> SYNTHETIC = SyntheticImages.STANDARD.schema().classes();

  private static final String UNKNOWN = "unknown";

  private static final int MOST_SHOWN = 3;

  /**
   * Reads a model: every command that uses one for anything but {@code --init} does so here.
   *
   * @param bytes the whole file
   * @param file its name, for the error message
   * @throws InputException if it is no network that this job can use, or is damaged
   */
  public static SavedModel read(byte[] bytes, String file) {
    ModelFile saved = ModelFile.read(bytes, Places.shown(file));
    Optional<ModelMetadata> known = saved.metadata();
    ConfigurationReader reader = ConfigurationReader.ofModel(Places.shown(file));
    NetworkBlueprint blueprint =
        known
            .map(metadata -> blueprint(saved, metadata, reader))
            .orElseGet(() -> ofOlderJob(saved, file));
    float[] parameters = saved.parameters(blueprint.layers(), blueprint.parameters());
    ComputationGraph graph = build(blueprint, reader);
    try {
      ModelState state = GraphState.capture(graph).with(ModelState.PARAMETERS, parameters);
      GraphState.restore(graph, state);
      return new SavedModel(blueprint, known.orElseGet(() -> cifar10(blueprint.label())), graph);
    } catch (RuntimeException e) {
      GraphState.close(graph);
      throw e;
    }
  }

  private static ModelMetadata cifar10(String network) {
    return new ModelMetadata(
        network, new DataSchema(DataSchema.CIFAR10.image(), NUMBERED), Normalization.NONE, UNKNOWN);
  }

  /** The file that a name refers to: a model.zip itself, or the one in a folder. */
  public static String file(String name) {
    return name.endsWith(".zip") ? name : name + "/model.zip";
  }

  /** One of this job's networks is made anew; any other is made as the file describes it. */
  private static NetworkBlueprint blueprint(
      ModelFile saved, ModelMetadata metadata, ConfigurationReader reader) {
    DataSchema schema = metadata.schema();
    Optional<NetworkKind> kind =
        Arrays.stream(NetworkKind.values())
            .filter(one -> one.label().equals(metadata.network()))
            .findFirst();
    if (kind.isPresent()) {
      return Networks.untrained(kind.get(), involution(saved, kind.get()), schema)
          .with(metadata.normalization());
    }
    DriverDevice.require();
    return NetworkBlueprint.of(
            metadata.network(), new NetworkRules(reader, schema).checked(saved.configuration()))
        .with(metadata.normalization());
  }

  private static InvolutionOptions involution(ModelFile saved, NetworkKind kind) {
    return kind == NetworkKind.INVOLUTION ? saved.involution() : InvolutionOptions.REFERENCE;
  }

  private static ComputationGraph build(NetworkBlueprint blueprint, ConfigurationReader reader) {
    try {
      return blueprint.build();
    } catch (RuntimeException e) {
      throw reader.refused(e);
    }
  }

  private static NetworkBlueprint ofOlderJob(ModelFile saved, String file) {
    Set<String> layers = saved.layers();
    for (NetworkKind kind : NetworkKind.values()) {
      NetworkBlueprint blueprint = Networks.untrained(kind);
      if (blueprint.layers().equals(layers)) {
        return Networks.untrained(kind, involution(saved, kind));
      }
    }
    throw new InputException(
        String.format(
            Locale.ROOT,
            "%s is not a network of the train command (layers %s): use a model.zip that train"
                + " wrote",
            Places.shown(file),
            ModelFile.shown(layers)));
  }

  /**
   * Makes sure that the model can be used for some data.
   *
   * @param file the model's name, for the error message
   * @throws InputException if its images are of another shape, or it tells other classes apart
   */
  public void requireFor(DataSchema data, String file) {
    DataSchema own = metadata.schema();
    if (!own.image().equals(data.image()) || own.classCount() != data.classCount()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s is for images of %s in %d classes, and the data has images of %s in %d: use data"
                  + " like that which it was trained on",
              Places.shown(file),
              own.image(),
              own.classCount(),
              data.image(),
              data.classCount()));
    }
    int first = 0;
    while (first < own.classCount()
        && own.classes().get(first).equalsIgnoreCase(data.classes().get(first))) {
      first++;
    }
    if (first < own.classCount() && haveNames(own, data)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s tells other classes apart than those of the data (from label %d on, %s and not"
                  + " %s): use data with the classes that it was trained on, in their order",
              Places.shown(file),
              first,
              shown(own.classes(), first),
              shown(data.classes(), first)));
    }
  }

  /**
   * Whether names show which classes are the same: where one side has numbers only, they do not,
   * unless both have the same ones in another order. Synthetic data just tries a model out.
   */
  private static boolean haveNames(DataSchema own, DataSchema data) {
    return !data.classes().equals(SYNTHETIC)
        && ((own.isNamed() && data.isNamed())
            || Set.copyOf(own.classes()).equals(Set.copyOf(data.classes())));
  }

  /** A few names on one line: those of a file may be anything. */
  private static String shown(List<String> classes, int first) {
    String names =
        classes.stream()
            .skip(first)
            .limit(MOST_SHOWN)
            .map(name -> String.format(Locale.ROOT, "%.40s", PlainText.ascii(name)))
            .collect(Collectors.joining(", "));
    return classes.size() - first > MOST_SHOWN ? names + ", ..." : names;
  }

  /** Refuses a model whose numbers are finite, but not what it computes from them. */
  public static InputException notFinite(String file) {
    return new InputException(
        Places.shown(file)
            + " computes numbers that are NaN or infinite: use a model that did not diverge");
  }
}
