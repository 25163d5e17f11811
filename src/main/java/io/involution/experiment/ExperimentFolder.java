package io.involution.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.failure.InputException;
import io.involution.files.Durability;
import io.involution.files.FolderFiles;
import io.involution.metrics.Json;
import io.involution.metrics.ResultFiles;
import io.involution.metrics.RunRecord;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * The folder of an experiment on any Hadoop file system: {@code experiment.json} with the planned
 * cells, {@code cells/ID} with their runs, the ledger, the claims, and the report over all cells.
 */
public final class ExperimentFolder {
  private static final String RECORD = "experiment.json";

  private final FolderFiles files;
  private final Configuration hadoop;

  private ExperimentFolder(FolderFiles files, Configuration hadoop) {
    this.files = files;
    this.hadoop = hadoop;
  }

  /** A folder that exists or will be created. */
  public static ExperimentFolder at(String out, Configuration hadoop) {
    return new ExperimentFolder(FolderFiles.at(out, hadoop), hadoop);
  }

  /**
   * Opens a folder that contains an experiment.
   *
   * @throws InputException when it contains none
   */
  public static ExperimentFolder read(String out, Configuration hadoop) {
    ExperimentFolder folder = at(out, hadoop);
    if (folder.files.read(RECORD).isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s is not an experiment's folder (no %s in it): check the path",
              folder.location(),
              RECORD));
    }
    return folder;
  }

  /**
   * Creates the experiment in this folder, or resumes it.
   *
   * @throws InputException when the folder contains something else
   */
  public void open(Plan plan) {
    // Another process may be writing the record right now, or may have died while writing it.
    List<String> found =
        files.list("").stream().filter(name -> !name.startsWith(RECORD + ".")).toList();
    if (!found.isEmpty() && !found.contains(RECORD)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--out %s holds files that are not an experiment's: name a new or empty folder",
              location()));
    }
    if (!found.isEmpty()) {
      String name = record().path("name").asText();
      if (!name.equals(plan.matrix().name())) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "--out %s holds the experiment %s, not %s: name another folder",
                location(),
                name,
                plan.matrix().name()));
      }
    }
    replace(
        RECORD,
        Json.pretty(
            Json.MAPPER
                .createObjectNode()
                .put("name", plan.matrix().name())
                .putPOJO("tags", plan.matrix().tags())
                .putPOJO("cells", plan.pending())));
  }

  /** The planned cells of the experiment's most recent start. */
  public List<LedgerRow> planned() {
    List<LedgerRow> rows = new ArrayList<>();
    JsonNode cells = record().path("cells");
    if (!cells.isArray()) {
      throw damaged(RECORD, new IOException("it has no cells"));
    }
    for (JsonNode cell : cells) {
      rows.add(row(RECORD, cell.toString()));
    }
    return rows;
  }

  /**
   * A cell's row.
   *
   * @param name the file that it is in, for the error message
   */
  LedgerRow row(String name, String line) {
    try {
      return Json.read(line.getBytes(StandardCharsets.UTF_8), LedgerRow.class);
    } catch (IOException e) {
      throw damaged(name, e);
    }
  }

  private JsonNode record() {
    try {
      return Json.tree(files.read(RECORD).orElse(new byte[0]));
    } catch (IOException e) {
      throw damaged(RECORD, e);
    }
  }

  InputException damaged(String name, Exception cause) {
    return new InputException(
        String.format(
            Locale.ROOT, "%s/%s is damaged: delete it; the cells' runs are kept", location(), name),
        cause);
  }

  /** The run of a cell that has been started. */
  public RunFolder run(String run) {
    return RunFolder.read(files.uri(run), hadoop);
  }

  /** Whether the run of a cell exists and is complete, with all its files. */
  boolean isComplete(Cell cell) {
    String uri = files.uri(cell.run());
    if (!RunFolder.holdsRun(uri, hadoop)) {
      return false;
    }
    RunFolder run = RunFolder.read(uri, hadoop);
    return RunRecord.isDone(run) && ResultFiles.ofAnotherLength(run).isEmpty();
  }

  /**
   * Replaces a file atomically, and returns when it is on the disk: a reader finds either the whole
   * old file or the whole new one.
   */
  void replace(String name, byte[] bytes) {
    files.write(name, bytes, Durability.ON_DISK);
  }

  /** The files. */
  FolderFiles files() {
    return files;
  }

  /** The location of the folder, without user info. */
  public String location() {
    return files.location();
  }

  /** The URI of a file or folder in it, including user info. */
  public String uri(String name) {
    return files.uri(name);
  }
}
