package io.involution.report.page;

import io.involution.model.summary.NetworkSummary;
import io.involution.model.summary.NetworkSummary.LayerRow;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.util.List;

/** The networks, layer by layer. */
final class NetworksSection {
  private final RunData run;

  NetworksSection(RunData run) {
    this.run = run;
  }

  boolean isEmpty() {
    return run.models().stream().allMatch(model -> model.artifacts().network().isEmpty());
  }

  Html html() {
    Html pair = Html.of("div").style("pair broad");
    for (ModelData model : run.models()) {
      model.artifacts().network().ifPresent(summary -> pair.add(network(model, summary)));
    }
    return Section.of(
        "networks",
        "Network architectures",
        "Output shapes are channels × rows × columns. Operations are those of the forward pass for"
            + " one image; a multiply-add counts as two operations.",
        pair);
  }

  private static Html network(ModelData model, NetworkSummary summary) {
    String file = model.name() + "/artifacts/network.json#";
    Table table =
        new Table(
                model.title() + " network", List.of("Layer", "Output", "Parameters", "Operations"))
            .style("layers");
    for (int i = 0; i < summary.layers().size(); i++) {
      LayerRow row = summary.layers().get(i);
      table.row(
          Html.of("div").add(Html.of("div", row.name()), Html.of("div", row.type()).style("small")),
          List.of(
              Section.quoted(
                  "span",
                  row.outputShape().replace(" x ", "\u00a0×\u00a0"),
                  file + "/layers/" + i + "/output_shape"),
              Value.count(row.parameters(), file + "/layers/" + i + "/parameters").html(),
              Value.operations((double) row.flops(), file + "/layers/" + i + "/flops").html()));
    }
    Table totals = new Table("Parameter totals", List.of("Kind", "Number", "Bytes"));
    total(totals, "Trainable", summary.trainable(), file + "/trainable");
    total(totals, "Non-trainable", summary.nonTrainable(), file + "/non_trainable");
    total(totals, "Optimizer", summary.optimizer(), file + "/optimizer");
    return Html.of("div")
        .add(
            table.html("Layers of the " + model.name() + " network"),
            totals.html("Parameters of the " + model.name() + " network"));
  }

  private static void total(Table table, String kind, int entries, String place) {
    table.values(
        kind,
        List.of(Value.count(entries, place), Value.bytes(4.0 * entries, "derived/bytes/" + place)));
  }
}
