package io.involution.driver.present;

import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.Durability;
import io.involution.files.DurableFiles;
import io.involution.files.FileSystems;
import io.involution.files.OwnFile;
import io.involution.files.UserPath;
import io.involution.files.WriteProbe;
import io.involution.report.RunReport;
import io.involution.report.page.PageFrame;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The location of a report outside a run's folder: a folder, or a single page. */
public final class ReportPlace {
  private ReportPlace() {}

  /**
   * Makes sure that a report can be written before there is one, and leaves everything unchanged.
   *
   * @param out a folder, or the page itself if the name ends in .html
   * @throws InputException when it cannot be written, or something else is there
   */
  public static void check(String out, Configuration hadoop) {
    try {
      Path place = UserPath.of(out);
      FileSystem fileSystem = FileSystems.of(place, hadoop);
      Path index = index(fileSystem, place, out);
      OwnFile.requireNoOther(fileSystem, index, index, PageFrame::begins);
      WriteProbe.run(fileSystem, index.getParent());
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(out, e, hadoop);
    }
  }

  /**
   * Writes the files.
   *
   * @param out a folder, or the page itself if the name ends in .html: then without image files
   * @param files their bytes, by name
   * @return the location of the page
   * @throws InputException when it cannot be written, or something else is there
   */
  public static String write(String out, Map<String, byte[]> files, Configuration hadoop) {
    try {
      Path place = UserPath.of(out);
      FileSystem fileSystem = FileSystems.of(place, hadoop);
      Path index = index(fileSystem, place, out);
      if (isPage(out)) {
        OwnFile.requireNoOther(fileSystem, index, index, PageFrame::begins);
        write(fileSystem, index, files.get(RunReport.INDEX));
        return Places.shown(place.toString());
      }
      Map<Path, byte[]> paths = new LinkedHashMap<>();
      files.forEach(
          (name, bytes) -> paths.put(fileSystem.makeQualified(UserPath.in(place, name)), bytes));
      for (Path path : paths.keySet()) {
        OwnFile.requireNoOther(fileSystem, path, index, PageFrame::begins);
      }
      for (Map.Entry<Path, byte[]> file : paths.entrySet()) {
        write(fileSystem, file.getKey(), file.getValue());
      }
      return Places.shown(UserPath.in(place, RunReport.INDEX).toString());
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(out, e, hadoop);
    }
  }

  private static boolean isPage(String out) {
    return out.endsWith(".html");
  }

  private static Path index(FileSystem fileSystem, Path place, String out) {
    return fileSystem.makeQualified(isPage(out) ? place : UserPath.in(place, RunReport.INDEX));
  }

  private static InputException unwritable(String out, Exception e, Configuration hadoop) {
    return UserPath.refused(
        "--out %s cannot be written (%s): name a folder or an .html file that you can write to",
        out, e, hadoop);
  }

  private static void write(FileSystem fileSystem, Path path, byte[] bytes) throws IOException {
    new DurableFiles(fileSystem).replace(path, bytes, Durability.ON_DISK);
  }
}
