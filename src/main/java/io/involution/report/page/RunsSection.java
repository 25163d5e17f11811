package io.involution.report.page;

import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import io.involution.report.run.RunGroups;
import java.util.ArrayList;
import java.util.List;

/** All runs, network by network. */
final class RunsSection {
  private final RunGroups runs;

  RunsSection(RunGroups runs) {
    this.runs = runs;
  }

  Html html() {
    Table table =
        new Table(
                "At the end of training",
                List.of(
                    "Run",
                    "Network",
                    "Test accuracy",
                    "Test loss",
                    "Train accuracy",
                    "Images/s",
                    "Seconds",
                    "Folder"))
            .style("runs");
    for (int i = 0; i < runs.runs().size(); i++) {
      RunData run = runs.runs().get(i);
      for (ModelData model : run.models()) {
        table.row(runs.label(run), cells("run/" + i + "/", run, model));
      }
    }
    Html section = Section.of("runs", "All runs", "", table.html("All runs"));
    return runs.differing().equals(runs.distinguishing()) ? section : section.add(settings());
  }

  /** All settings that differ, also those that follow from others. */
  private Html settings() {
    List<String> columns = new ArrayList<>(List.of("Run"));
    columns.addAll(runs.differing());
    Table table = new Table("What the options and the data were", columns).style("runs");
    for (int i = 0; i < runs.runs().size(); i++) {
      RunData run = runs.runs().get(i);
      String place = "run/" + i + "/";
      table.row(
          runs.label(run),
          runs.differing().stream()
              .map(
                  name ->
                      Section.quoted(
                          "span", RunGroups.setting(run, name), place + RunGroups.place(name)))
              .toList());
    }
    return Section.details("All settings that differ", table.html("All settings that differ"));
  }

  private static List<Html> cells(String place, RunData run, ModelData model) {
    List<Html> cells = new ArrayList<>();
    cells.add(Html.of("span", model.name()));
    String result = place + model.place("");
    cells.add(percent(model, "/test_accuracy", result));
    cells.add(Value.decimal(model.number("/test_loss"), 4, result + "/test_loss").html());
    cells.add(percent(model, "/train_accuracy", result));
    cells.add(
        Value.count(model.number("/examples_per_second"), result + "/examples_per_second").html());
    cells.add(Value.decimal(model.number("/seconds"), 1, result + "/seconds").html());
    cells.add(Html.of("code", RunGroups.folder(run)));
    return cells;
  }

  private static Html percent(ModelData model, String pointer, String result) {
    return Value.percent(model.number(pointer), result + pointer).html();
  }
}
