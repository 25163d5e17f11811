package io.involution.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.involution.failure.InputException;
import io.involution.metrics.Json;
import io.involution.metrics.RunRecord;
import io.involution.run.FolderFiles;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/**
 * The folder of an experiment on any Hadoop file system: {@code experiment.json} with the cells as
 * planned, {@code cells/ID} with their runs, the ledger, the claims, the report across cells.
 */
public final class ExperimentFolder {
  private static final String RECORD = "experiment.json";

  private final FolderFiles files;
  private final Configuration hadoop;

  private ExperimentFolder(FolderFiles files, Configuration hadoop) {
    this.files = files;
    this.hadoop = hadoop;
  }

  /** A folder that exists or will. */
  public static ExperimentFolder at(String out, Configuration hadoop) {
    return new ExperimentFolder(FolderFiles.at(out, "start the experiment again", hadoop), hadoop);
  }

  /**
   * A folder that holds an experiment.
   *
   * @throws InputException when there is none
   */
  public static ExperimentFolder read(String out, Configuration hadoop) {
    ExperimentFolder folder = at(out, hadoop);
    if (folder.files.read(RECORD).isEmpty()) {
      throw new InputException(
          "%s is not an experiment's folder (no %s in it): check the path"
              .formatted(folder.location(), RECORD));
    }
    return folder;
  }

  /**
   * Makes the folder this experiment's, or goes on with it.
   *
   * @throws InputException when it holds something else
   */
  public void open(Plan plan) {
    // Another start may be writing the record at this moment, or have died while it did.
    List<String> found =
        files.list("").stream().filter(name -> !name.startsWith(RECORD + ".")).toList();
    if (!found.isEmpty() && !found.contains(RECORD)) {
      throw new InputException(
          "--out %s holds files that are not an experiment's: name a new or empty folder"
              .formatted(location()));
    }
    if (!found.isEmpty()) {
      String name = record().path("name").asText();
      if (!name.equals(plan.matrix().name())) {
        throw new InputException(
            "--out %s holds the experiment %s, not %s: name another folder"
                .formatted(location(), name, plan.matrix().name()));
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

  /** The cells as they were planned when the experiment was started last. */
  public List<LedgerRow> planned() {
    List<LedgerRow> rows = new ArrayList<>();
    for (JsonNode cell : record().path("cells")) {
      try {
        rows.add(Json.MAPPER.treeToValue(cell, LedgerRow.class));
      } catch (JsonProcessingException e) {
        throw damaged(RECORD, e);
      }
    }
    return rows;
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
        "%s/%s is damaged: delete it; the cells' runs are kept".formatted(location(), name), cause);
  }

  /** The run of a cell; only for one that has begun. */
  public RunFolder run(String run) {
    return RunFolder.read(files.uri(run), hadoop);
  }

  /** Whether the run of a cell is there and complete. */
  boolean isComplete(Cell cell) {
    String uri = files.uri(cell.run());
    return RunFolder.holdsRun(uri, hadoop) && RunRecord.isDone(RunFolder.read(uri, hadoop));
  }

  /** Exchanges a file such that a reader finds the old or the new one whole. */
  void replace(String name, byte[] bytes) {
    files.exchange(name, "." + UUID.randomUUID() + ".tmp", bytes, () -> {});
  }

  /** The files. */
  FolderFiles files() {
    return files;
  }

  /** Where the folder is, without user info. */
  public String location() {
    return files.location();
  }

  /** The URI of something in it, user info included. */
  public String uri(String name) {
    return files.uri(name);
  }
}
