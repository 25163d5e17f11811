package io.involution.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.util.ArrayList;
import java.util.List;

/** Where the figures come from: options, data, versions, machine, and how to get them again. */
final class ProvenanceSection {
  private final RunData run;

  ProvenanceSection(RunData run) {
    this.run = run;
  }

  Html html() {
    Html pair = Html.of("div").style("pair");
    pair.add(
        table("Data", "/data"),
        table("Options", "/options"),
        table("Driver's machine and job", "/machine"),
        table("Cluster", "/cluster"),
        table("What decides the result", "/identity"),
        results());
    return Section.of(
        "provenance",
        "How to get these figures again",
        "The command repeats the run; with the same job jar, natives, JDK and kind of processor it"
            + " gives the same parameters to the bit on CPUs.",
        Html.of("pre")
            .with("tabindex", "0")
            .with("aria-label", "Command that repeats the run")
            .add(Html.of("code", new RunCommand(run).line())),
        pair);
  }

  private Html table(String title, String pointer) {
    Table table = new Table(title, List.of("Name", "Value")).style("plain");
    JsonNode node = run.record().at(pointer);
    node.fields()
        .forEachRemaining(
            field ->
                table.row(
                    field.getKey().replace('_', ' '),
                    List.of(
                        Section.quoted(
                            "span",
                            text(field.getValue()),
                            "run.json#" + pointer + "/" + field.getKey()))));
    return table.html(title);
  }

  private Html results() {
    Table table = new Table("Run", List.of("Name", "Value")).style("plain");
    for (String name : List.of("status", "started", "ended", "attempt")) {
      table.row(name, List.of(Section.quoted("span", run.text("/" + name), "run.json#/" + name)));
    }
    table.texts("folder", List.of(run.location()));
    for (ModelData model : run.models()) {
      String digest =
          model.result().map(result -> text(result.path("parameters_sha256"))).orElse("–");
      table.row(
          "SHA-256 of the " + model.name() + " parameters",
          List.of(Section.quoted("span", digest, model.place("/parameters_sha256"))));
    }
    return table.html("Run");
  }

  private static String text(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "–";
    }
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(part -> parts.add(text(part)));
      return parts.isEmpty() ? "–" : String.join(", ", parts);
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
