package io.involution.run;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.DurableFiles;
import io.involution.files.UserPath;
import io.involution.files.WholeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files that runs write into their folders, by a closed list of names: nothing else is ever
 * deleted.
 */
final class RunContents {
  private static final String ATTEMPTS = "attempts";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileSystem fileSystem;
  private final DurableFiles durable;
  private final Path root;
  private final JsonNode record;
  private final RunNames names;

  /** Paths relative to the root; a folder comes before what is in it. */
  private final List<String> files = new ArrayList<>();

  private final List<String> folders = new ArrayList<>();

  private RunContents(FileSystem fileSystem, Path root) throws IOException {
    this.fileSystem = fileSystem;
    this.durable = new DurableFiles(fileSystem);
    this.root = root;
    this.record = record();
    this.names = new RunNames(Identities.networks(record.path("identity")));
  }

  /**
   * Lists a folder that only runs of this program have written to.
   *
   * @throws InputException naming what is not a run's
   */
  static RunContents of(FileSystem fileSystem, Path root) throws IOException {
    RunContents contents = new RunContents(fileSystem, root);
    String foreign = contents.walk("");
    boolean marked = contents.isMarked();
    if (!marked && (foreign != null || !contents.files.isEmpty())) {
      throw foreign(root);
    }
    if (foreign != null) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--out %s holds %s, which no run has written: move it elsewhere, or name another"
                  + " folder; nothing was deleted",
              Places.shown(root.toString()),
              Places.shown(foreign)));
    }
    return contents;
  }

  static InputException foreign(Path root) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "--out %s holds files that are not a run's: name a new or empty folder",
            Places.shown(root.toString())));
  }

  /** Adds what is in a folder; returns the first thing that no run has written, or null. */
  private String walk(String folder) throws IOException {
    String foreign = null;
    for (FileStatus status : list(folder)) {
      String name = folder + status.getPath().getName();
      boolean link = durable.isLink(status.getPath());
      boolean known = status.isDirectory() ? names.isFolder(name) : names.isFile(name);
      String found = null;
      if (link || !known) {
        found = name;
      } else if (status.isDirectory()) {
        folders.add(name);
        found = walk(name + "/");
      } else {
        files.add(name);
      }
      foreign = foreign == null ? found : foreign;
    }
    return foreign;
  }

  private List<FileStatus> list(String folder) throws IOException {
    try {
      return List.of(fileSystem.listStatus(folder.isEmpty() ? root : UserPath.in(root, folder)));
    } catch (FileNotFoundException absent) {
      return List.of();
    }
  }

  /** Whether a run has signed the folder: by its record, or by the token of an attempt. */
  private boolean isMarked() throws IOException {
    if (record.path("status").isTextual() && record.path("identity").isObject()) {
      return true;
    }
    List<String> attempts = files.stream().filter(RunNames::isAttempt).toList();
    for (String attempt : attempts) {
      if (!isToken(attempt)) {
        return false;
      }
    }
    return !attempts.isEmpty();
  }

  private JsonNode record() throws IOException {
    Path file = UserPath.in(root, RunFolder.RECORD);
    try {
      return durable.isLink(file)
          ? MissingNode.getInstance()
          : JSON.readTree(read(RunFolder.RECORD, WholeFile.MOST_JSON));
    } catch (JacksonException | WholeFile.TooLargeException e) {
      // Damaged: the attempts' tokens decide.
      return MissingNode.getInstance();
    }
  }

  private boolean isToken(String attempt) throws IOException {
    try {
      byte[] token = read(attempt, Attempt.MOST_BYTES);
      return RunNames.isToken(new String(token, StandardCharsets.UTF_8));
    } catch (WholeFile.TooLargeException noToken) {
      return false;
    }
  }

  private byte[] read(String name, int most) throws IOException {
    try {
      return WholeFile.read(fileSystem, UserPath.in(root, name), most);
    } catch (FileNotFoundException e) {
      // Another run that may overwrite it has just deleted it.
      return new byte[0];
    }
  }

  /**
   * Deletes the run: its record first, for good, so that no power cut leaves a record without the
   * files it speaks for; its attempts last, so that what is left is still known as a run's.
   */
  void delete() throws IOException {
    durable.delete(UserPath.in(root, RunFolder.RECORD));
    durable.syncDeletions(root);
    for (String file : files) {
      if (!RunNames.isAttempt(file)) {
        durable.delete(UserPath.in(root, file));
      }
    }
    for (String folder : folders) {
      durable.syncDeletions(UserPath.in(root, folder));
    }
    folders.remove(ATTEMPTS);
    for (int i = folders.size() - 1; i >= 0; i--) {
      removeFolder(UserPath.in(root, folders.get(i)));
    }
    durable.syncDeletions(root);
    for (String file : files) {
      durable.delete(UserPath.in(root, file));
    }
    removeFolder(UserPath.in(root, ATTEMPTS));
  }

  private void removeFolder(Path folder) throws IOException {
    try {
      durable.deleteEmpty(folder);
    } catch (FileNotFoundException e) {
      // Another run that may overwrite it has just deleted it.
    }
  }

  /** Deletes what processes that died left half written. */
  static void sweep(FileSystem fileSystem, Path root) throws IOException {
    if (!new DurableFiles(fileSystem).renames()) {
      return;
    }
    RunContents contents = new RunContents(fileSystem, root);
    contents.walk("");
    for (String file : contents.files) {
      if (contents.names.isLeftOver(file)) {
        contents.durable.delete(UserPath.in(root, file));
      }
    }
  }
}
