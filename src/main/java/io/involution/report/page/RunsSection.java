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
    List<String> columns = new ArrayList<>(List.of("Run", "Network", "Seed"));
    columns.addAll(runs.differing());
    columns.addAll(List.of("Test accuracy", "Test loss", "Train accuracy", "Images/s", "Seconds"));
    Table table = new Table("At the end of training", columns).style("runs");
    for (int i = 0; i < runs.runs().size(); i++) {
      RunData run = runs.runs().get(i);
      for (ModelData model : run.models()) {
        table.row(name(run), cells("run/" + i + "/", run, model));
      }
    }
    return Section.of("runs", "All runs", "", table.html("All runs"));
  }

  private List<Html> cells(String place, RunData run, ModelData model) {
    List<Html> cells = new ArrayList<>();
    cells.add(Html.of("span", model.name()));
    cells.add(Section.quoted("span", run.text("/options/seed"), place + "run.json#/options/seed"));
    for (String name : runs.differing()) {
      cells.add(
          Section.quoted("span", RunGroups.setting(run, name), place + RunGroups.place(name)));
    }
    String result = place + model.place("");
    cells.add(percent(model, "/test_accuracy", result));
    cells.add(Value.decimal(model.number("/test_loss"), 4, result + "/test_loss").html());
    cells.add(percent(model, "/train_accuracy", result));
    cells.add(
        Value.count(model.number("/examples_per_second"), result + "/examples_per_second").html());
    cells.add(Value.decimal(model.number("/seconds"), 1, result + "/seconds").html());
    return cells;
  }

  private static Html percent(ModelData model, String pointer, String result) {
    return Value.percent(model.number(pointer), result + pointer).html();
  }

  private static String name(RunData run) {
    return run.location().replaceAll("/+$", "").replaceAll(".*/", "");
  }
}
