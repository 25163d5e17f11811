package io.involution.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A network as a table.
 *
 * @param rows its layers, input to output
 * @param trainable parameters that gradients change
 * @param nonTrainable running statistics
 * @param optimizer entries of the optimizer's state
 */
public record Layers(List<Row> rows, int trainable, int nonTrainable, int optimizer) {
  /**
   * One layer.
   *
   * @param name its name
   * @param type its kind
   * @param outputShape its output without the minibatch dimension, channels first
   * @param parameters number of its parameters
   * @param flops operations of a forward pass for one example
   */
  public record Row(String name, String type, String outputShape, int parameters, long flops) {}

  static Layers of(JsonNode network) {
    List<Row> rows = new ArrayList<>();
    for (JsonNode row : network.path("layers")) {
      rows.add(
          new Row(
              row.path("name").asText(),
              row.path("type").asText(),
              row.path("output_shape").asText(),
              row.path("parameters").asInt(),
              row.path("flops").asLong()));
    }
    return new Layers(
        rows,
        network.path("trainable").asInt(),
        network.path("non_trainable").asInt(),
        network.path("optimizer").asInt());
  }

  /** Operations of a forward pass for one example. */
  public long flops() {
    return rows.stream().mapToLong(Row::flops).sum();
  }
}
