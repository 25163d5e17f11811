package io.involution.model.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.involution.data.ImageShape;
import io.involution.failure.InputException;
import io.involution.model.ModelMetadata;
import io.involution.model.Normalization;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network as an ONNX file (<a href="https://onnx.ai">onnx.ai</a>): operator set 13, standard
 * operators only, weights in float32 inside the file. Equal networks give equal bytes.
 *
 * <p>The input {@value #INPUT} is float32 {@code [N, channels, rows, columns]}, pixels divided by
 * 255, any N; the mean and the standard deviation that a network was trained with are part of the
 * graph. The output {@value #OUTPUT} is float32 {@code [N, classes]}.
 */
public final class OnnxFile {
  /** Name of the input. */
  public static final String INPUT = "images";

  /** Name of the output. */
  public static final String OUTPUT = "probabilities";

  private static final int OPERATORS = 13;

  /** The format that came with these operators. */
  private static final int FORMAT = 7;

  private static final String PRODUCER = "involution-spark";

  /** Protocol Buffers, in which ONNX files are written, end here. */
  private static final long MOST_BYTES = Integer.MAX_VALUE;

  private static final ObjectMapper JSON = new ObjectMapper();

  private OnnxFile() {}

  /**
   * Writes a network.
   *
   * @param graph the network with its parameters; not changed
   * @param about its images, its classes, and what is done to its pixels
   * @return the file's bytes
   * @throws InputException naming the layer that is not exported, or if the file would be too large
   */
  public static byte[] of(ComputationGraph graph, ModelMetadata about) {
    requireFits(graph.numParams() * Float.BYTES, about);
    Message message = message(new GraphWriter(graph, about).write(), about);
    requireFits(message.length(), about);
    return message.toBytes();
  }

  /** Refuses what the format cannot hold. */
  static void requireFits(long bytes, ModelMetadata about) {
    if (bytes > MOST_BYTES) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the %s network has %.1f GB of weights: an ONNX file holds at most 2 GB, so use the"
                  + " model.zip",
              about.network(),
              bytes / 1e9));
    }
  }

  /** Whether a file begins as one of this job does. */
  public static boolean begins(byte[] file) {
    byte[] start = new Message().number(1, FORMAT).text(2, PRODUCER).toBytes();
    return file.length > start.length
        && Arrays.equals(file, 0, start.length, start, 0, start.length);
  }

  private static Message message(Message graph, ModelMetadata about) {
    Message message =
        new Message()
            .number(1, FORMAT)
            .text(2, PRODUCER)
            .text(3, about.jobVersion())
            .message(7, graph)
            .message(8, new Message().text(1, "").number(2, OPERATORS));
    properties(about)
        .forEach((key, value) -> message.message(14, new Message().text(1, key).text(2, value)));
    return message;
  }

  /** What a user of the file wants to know. */
  private static Map<String, String> properties(ModelMetadata about) {
    Map<String, String> properties = new LinkedHashMap<>();
    ImageShape image = about.schema().image();
    Normalization normalization = about.normalization();
    properties.put("network", about.network());
    properties.put("classes", json(about.schema().classes()));
    properties.put("input", INPUT);
    properties.put("input_shape", json(List.of(image.channels(), image.height(), image.width())));
    properties.put("input_values", "float32, pixel / 255, channels first");
    properties.put("output", OUTPUT);
    properties.put("mean", json(normalization.mean()));
    properties.put("std", json(normalization.standardDeviation()));
    properties.put("normalization", "inside the graph");
    properties.put("job_version", about.jobVersion());
    return properties;
  }

  private static String json(List<?> values) {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text and numbers can be written", e);
    }
  }
}
