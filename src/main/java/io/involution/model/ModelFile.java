package io.involution.model;

import static java.util.stream.Collectors.joining;

import io.involution.config.InvolutionOptions;
import io.involution.failure.InputException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * {@code model.zip}: a trained network in DL4J's own file format. It can be loaded with plain
 * {@link ModelSerializer} if the job jar is on the class path; here it is read without that class,
 * which uses Java deserialization for some entries of the archive, and without ND4J's reader of
 * arrays, which believes what a file says about itself.
 */
public final class ModelFile {
  /** The most bytes of a file, which holds a network's parameters and its updater's state. */
  public static final int MOST_BYTES = ModelArchive.MOST_IN_ALL;

  private static final int MOST_SHOWN = 8;
  private static final LocalDateTime WRITTEN = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final ModelArchive archive;
  private final ModelDescription description;
  private final String name;

  private ModelFile(ModelArchive archive, String name) {
    this.archive = archive;
    this.description = ModelDescription.read(archive.entry(ModelArchive.CONFIGURATION), name);
    this.name = name;
  }

  /**
   * Reads a file; its parameters are not looked at yet.
   *
   * @param bytes the whole file
   * @param name its name, for error messages
   * @throws InputException when it is not a model file, is damaged, or contains unexpected entries
   */
  public static ModelFile read(byte[] bytes, String name) {
    return new ModelFile(ModelArchive.read(bytes, name), name);
  }

  /**
   * The file's bytes, including parameters and updater state.
   *
   * @param graph the network
   * @param described its configuration as the file says it
   * @param metadata what else a command must know to use it
   */
  public static byte[] write(
      ComputationGraph graph, ComputationGraphConfiguration described, ModelMetadata metadata) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      INDArray updater = graph.getUpdater(true).getStateViewArray();
      String configuration = described.toJson();
      entry(zip, ModelArchive.CONFIGURATION, configuration.getBytes(StandardCharsets.UTF_8));
      entry(zip, ModelArchive.COEFFICIENTS, array(graph.params()));
      if (updater != null) {
        entry(zip, ModelArchive.UPDATER, array(updater));
      }
      entry(zip, ModelArchive.METADATA, metadata.write());
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    // The same model is the same file, whenever it is written.
    entry.setTimeLocal(WRITTEN);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] array(INDArray array) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      Nd4j.write(array, out);
    }
    return bytes.toByteArray();
  }

  /**
   * The parameters of a network, which need not be built for it.
   *
   * @param expected the names of the layers of the network that the file must contain
   * @param length number of its parameters
   * @return the flat parameter vector
   * @throws InputException when the file contains another network, or its parameters are damaged
   */
  public float[] parameters(Set<String> expected, long length) {
    if (!layers().equals(expected)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s is the model of another network (layers %s, expected %s): use one of this"
                  + " network",
              name,
              shown(layers()),
              shown(new TreeSet<>(expected))));
    }
    byte[] coefficients = archive.entry(ModelArchive.COEFFICIENTS);
    return ModelParameters.read(coefficients, Math.toIntExact(length), name);
  }

  /** Layer names as a terminal can show them: plain characters, and not too many. */
  public static String shown(Set<String> layers) {
    String names =
        layers.stream().limit(MOST_SHOWN).map(ModelArchive::shown).collect(joining(", "));
    return "[" + names + (layers.size() > MOST_SHOWN ? ", ...]" : "]");
  }

  /** The names of the network's layers. */
  public Set<String> layers() {
    return description.layers();
  }

  /** What else the file says about the model; empty if an older job wrote it. */
  public Optional<ModelMetadata> metadata() {
    return Optional.ofNullable(archive.entry(ModelArchive.METADATA))
        .map(entry -> ModelMetadata.read(entry, name));
  }

  /**
   * The network's configuration as the file describes it.
   *
   * @throws InputException when it is none, or has a layer or setting that no network may have
   */
  public ComputationGraphConfiguration configuration() {
    return description.configuration();
  }

  /**
   * The hyperparameters of the network's involutions; those of the reference run if it has none.
   *
   * @throws InputException when it has involutions that this job does not support
   */
  public InvolutionOptions involution() {
    for (JsonNode vertex : description.vertices()) {
      JsonNode layer = vertex.at("/layerConf/layer");
      if (layer.has("reductionRatio")) {
        return involution(layer, name);
      }
    }
    return InvolutionOptions.REFERENCE;
  }

  private static InvolutionOptions involution(JsonNode layer, String name) {
    try {
      return new InvolutionOptions(
          layer.path("kernelSize").asInt(),
          layer.path("groups").asInt(),
          layer.path("reductionRatio").asInt(),
          layer.path("stride").asInt());
    } catch (InputException e) {
      throw new InputException(
          name + " has involutions that train does not make: use a model.zip that it wrote", e);
    }
  }
}
