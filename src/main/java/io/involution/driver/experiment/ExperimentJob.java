package io.involution.driver.experiment;

import io.involution.driver.Resumption;
import io.involution.driver.RunInputs;
import io.involution.driver.present.ReportPlace;
import io.involution.driver.present.RunReportFiles;
import io.involution.driver.process.StopSignal;
import io.involution.driver.process.StopSignal.Stop;
import io.involution.experiment.Cell;
import io.involution.experiment.CellState;
import io.involution.experiment.ExperimentFolder;
import io.involution.experiment.ExperimentRun;
import io.involution.experiment.ExperimentStatus;
import io.involution.experiment.ExperimentTable;
import io.involution.experiment.LedgerParquet;
import io.involution.experiment.LedgerRow;
import io.involution.experiment.Limits;
import io.involution.experiment.Matrix;
import io.involution.experiment.Plan;
import io.involution.experiment.Progress;
import io.involution.failure.ExitCode;
import io.involution.failure.Places;
import io.involution.report.RunsReport;
import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import io.involution.spark.ClusterSession;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The experiment command on a cluster. Everything is checked before the folder is changed. */
public final class ExperimentJob {
  private final ClusterSession session;
  private final Matrix matrix;
  private final ExperimentFolder folder;
  private final Limits limits;

  /** Prepares an experiment. */
  public ExperimentJob(
      ClusterSession session, Matrix matrix, ExperimentFolder folder, Limits limits) {
    this.session = session;
    this.matrix = matrix;
    this.folder = folder;
    this.limits = limits;
  }

  /**
   * Runs the experiment.
   *
   * @return the exit code: 0 if all cells are complete, 3 if one remains to be trained
   * @throws io.involution.failure.RunFailedException when a cell has failed, after everything has
   *     been said about the others
   */
  public int run() {
    CellTraining trainer = new CellTraining(RunInputs.forNetworks(session, System.out::println));
    Plan plan = Plan.of(matrix, trainer);
    ExperimentRun run =
        new ExperimentRun(plan, folder, trainer, limits, new Progress(plan, System.out));
    StopSignal signal =
        StopSignal.watch(
            session,
            new Stop(
                String.format(
                    Locale.ROOT,
                    "stopped: the cells keep their last checkpoints; run the same command with"
                        + " --out %s to resume",
                    folder.location()),
                run::interrupt,
                resumption(plan)::seen));
    List<LedgerRow> rows;
    try {
      rows = run.run();
      parquet(rows);
      // Spark throws checked exceptions that its methods do not declare.
    } catch (Exception | Error e) {
      throw resumption(plan).thrown(e);
    } finally {
      signal.end();
    }
    int code = conclude(rows);
    List<LedgerRow> failed = rows.stream().filter(row -> row.state() == CellState.FAILED).toList();
    if (!failed.isEmpty()) {
      throw new FailedCells(failed, rows.size())
          .end(trainer::failure, id -> hasCheckpoint(plan, id), how());
    }
    return code;
  }

  /** Only a warning if it fails: executors write it, and not all can reach every folder. */
  private void parquet(List<LedgerRow> rows) {
    try {
      LedgerParquet.write(folder, rows);
      // Spark throws checked exceptions that its methods do not declare.
    } catch (Exception e) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "warning: %s/%s is not up to date, ledger.jsonl is: %s",
              folder.location(),
              LedgerParquet.FILE,
              Places.reason(e)));
    }
  }

  /** Cells whose runs have a checkpoint can go on, and complete ones are not run again. */
  private Resumption resumption(Plan plan) {
    return new Resumption(() -> plan.cells().stream().anyMatch(this::hasCheckpoint), how());
  }

  private String how() {
    return "run the same command with --out " + folder.location() + " to go on";
  }

  private boolean hasCheckpoint(Plan plan, String id) {
    return plan.cells().stream().anyMatch(cell -> cell.id().equals(id) && hasCheckpoint(cell));
  }

  private boolean hasCheckpoint(Cell cell) {
    return RunFolder.holdsRun(folder.uri(cell.run()), session.hadoop())
        && Resumption.isIn(folder.run(cell.run()), cell.options().model());
  }

  private int conclude(List<LedgerRow> rows) {
    ExperimentStatus status = new ExperimentStatus(rows);
    System.out.println();
    if (status.count(CellState.DONE) > 0) {
      System.out.println(new ExperimentTable(rows, List.of(), "test_accuracy", Map.of()).text());
      System.out.println(report(rows));
    }
    status.failures().forEach(System.out::println);
    System.out.println(status.line() + "; ledger in " + folder.location());
    System.out.flush();
    return status.count(CellState.DONE) == rows.size() ? 0 : ExitCode.STOPPED;
  }

  /** The report's location, or a warning. */
  private String report(List<LedgerRow> rows) {
    return RunReportFiles.orWarning(
        () -> {
          List<RunData> runs =
              rows.stream()
                  .filter(row -> row.state() == CellState.DONE)
                  .map(row -> RunData.results(folder.run(row.run())))
                  .toList();
          return ReportPlace.write(folder.uri("report"), RunsReport.files(runs), session.hadoop());
        },
        reason -> "no report across cells (" + reason + ")");
  }
}
