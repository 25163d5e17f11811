package io.involution.report.page;

import io.involution.report.run.Layers;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.util.List;

/** The networks layer by layer. */
final class NetworksSection {
  private final RunData run;

  NetworksSection(RunData run) {
    this.run = run;
  }

  boolean isEmpty() {
    return run.models().stream().allMatch(model -> model.artifacts().layers().isEmpty());
  }

  Html html() {
    Html pair = Html.of("div").style("pair broad");
    for (ModelData model : run.models()) {
      model.artifacts().layers().ifPresent(layers -> pair.add(network(model, layers)));
    }
    return Section.of(
        "networks",
        "The networks layer by layer",
        "Output shapes are channels × rows × columns. Operations are those of a forward pass for one"
            + " image; a multiply-add counts as two.",
        pair);
  }

  private static Html network(ModelData model, Layers layers) {
    String file = model.name() + "/artifacts/network.json#";
    Table table =
        new Table(
                model.title() + " network", List.of("Layer", "Output", "Parameters", "Operations"))
            .style("layers");
    for (int i = 0; i < layers.rows().size(); i++) {
      Layers.Row row = layers.rows().get(i);
      table.row(
          Html.of("div").add(Html.of("div", row.name()), Html.of("div", row.type()).style("small")),
          List.of(
              Section.quoted(
                  "span",
                  row.outputShape().replace(" x ", "\u00a0×\u00a0"),
                  file + "/layers/" + i + "/output_shape"),
              Figure.count(row.parameters(), file + "/layers/" + i + "/parameters").html(),
              Figure.operations((double) row.flops(), file + "/layers/" + i + "/flops").html()));
    }
    Table totals = new Table("Its parameters in all", List.of("Kind", "Number", "Bytes"));
    total(totals, "Trainable", layers.trainable(), file + "/trainable");
    total(totals, "Non-trainable", layers.nonTrainable(), file + "/non_trainable");
    total(totals, "Optimizer", layers.optimizer(), file + "/optimizer");
    return Html.of("div")
        .add(
            table.html("Layers of the " + model.name() + " network"),
            totals.html("Parameters of the " + model.name() + " network"));
  }

  private static void total(Table table, String kind, int entries, String place) {
    table.figures(
        kind,
        List.of(
            Figure.count(entries, place), Figure.bytes(4.0 * entries, "derived/bytes/" + place)));
  }
}
