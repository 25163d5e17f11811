package io.involution.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.metrics.ModelResult;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.util.ArrayList;
import java.util.List;

/** Where the results come from: options, data, versions and machine, and how to reproduce them. */
final class ProvenanceSection {
  /** What tells an attempt from an earlier one, and its end from its course. */
  private static final List<String> ATTEMPT = List.of("status", "started", "ended", "attempt");

  private final RunData run;

  ProvenanceSection(RunData run) {
    this.run = run;
  }

  /** Whether a page says all this of the run as it is now. */
  boolean isOn(String page) {
    return ATTEMPT.stream().allMatch(name -> page.contains(recorded(name).toString()));
  }

  private Html recorded(String name) {
    return Section.quoted("span", run.text("/" + name), "run.json#/" + name);
  }

  Html html() {
    Html pair = Html.of("div").style("pair");
    pair.add(
        table("Data", "/data"),
        table("Options", "/options"),
        table("Driver and job", "/machine"),
        table("Cluster", "/cluster"),
        table("What determines the result", "/identity"),
        results());
    List<String> commands = new RunCommand(run).lines();
    String how =
        commands.size() == 1
            ? "This command repeats the run."
            : "This run went on for more epochs than it was to have at first: the last command"
                + " alone does not give the same parameters. These commands repeat it, each after"
                + " the one before has ended, if this run had ended too when it went on.";
    return Section.of(
        "provenance",
        "How to reproduce this run",
        how
            + " On CPUs, the same job jar, native libraries, JDK and processor type give"
            + " bit-identical parameters.",
        Html.of("pre")
            .with("tabindex", "0")
            .with("aria-label", "How to repeat the run")
            .add(Html.of("code", String.join("\n", commands))),
        pair);
  }

  private Html table(String title, String pointer) {
    Table table = new Table(title, List.of("Name", "Value")).style("plain");
    JsonNode node = run.record().at(pointer);
    node.properties()
        .forEach(
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
    for (String name : ATTEMPT) {
      table.row(name, List.of(recorded(name)));
    }
    table.texts("folder", List.of(run.location()));
    for (ModelData model : run.models()) {
      String digest = model.result().map(ModelResult::parametersSha256).orElse(RunData.UNKNOWN);
      table.row(
          "SHA-256 of the " + model.name() + " parameters",
          List.of(Section.quoted("span", digest, model.place("/parameters_sha256"))));
    }
    return table.html("Run");
  }

  private static String text(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return RunData.UNKNOWN;
    }
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(part -> parts.add(text(part)));
      return parts.isEmpty() ? RunData.UNKNOWN : String.join(", ", parts);
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
