package io.involution.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFoldersTest {
  @TempDir private Path folder;

  @Test
  void nothingChangesWhereProgramsMayRun() throws IOException {
    assertThat(NativeFolders.folder(names("home", "temporary"), names("other"))).isEmpty();

    try (Stream<Path> left = Files.walk(folder).filter(Files::isRegularFile)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aHomeThatIsNotThereIsForTheLibrariesToPassBy() throws IOException {
    List<String> used = List.of(folder.resolve("nowhere").toString(), names("temporary").get(0));

    assertThat(NativeFolders.folder(used, names("other"))).isEmpty();
  }

  @Test
  void whereNoProgramMayRunAnotherFolderIsFound() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("noexec"));
    assumeTrue(
        mounted("mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", mount.toString()),
        "skipped: mounting needs root");
    try {
      String home = mount.toString();
      String temporary = names("temporary").get(0);
      String other = names("other").get(0);

      assertFound(temporary, NativeFolders.folder(List.of(home, temporary), List.of(other)));
      assertFound(temporary, NativeFolders.folder(List.of(temporary, home), List.of(other)));
      assertFound(other, NativeFolders.folder(List.of(home), List.of(home, "/nowhere", other)));
      assertThat(NativeFolders.folder(List.of(home), List.of(home, "/nowhere"))).isEmpty();
      assertThat(mount).isEmptyDirectory();
    } finally {
      assertThat(mounted("umount", mount.toString())).isTrue();
    }
  }

  @Test
  void whatOthersCanWriteToIsNotTaken() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("noexec"));
    assumeTrue(
        mounted("mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", mount.toString()),
        "skipped: mounting needs root");
    try {
      Path open = Path.of(names("open").get(0));
      List<String> home = List.of(mount.toString());
      Path taken = NativeFolders.folder(home, List.of(open.toString())).orElseThrow();
      Files.setPosixFilePermissions(taken, PosixFilePermissions.fromString("rwxrwxrwx"));

      assertThat(NativeFolders.folder(home, List.of(open.toString()))).isEmpty();
    } finally {
      assertThat(mounted("umount", mount.toString())).isTrue();
    }
  }

  private static void assertFound(String base, Optional<Path> found) throws IOException {
    assertThat(found).isPresent();
    assertThat(found.get().getParent()).isEqualTo(Path.of(base));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(found.get())))
        .isEqualTo("rwx------");
  }

  private List<String> names(String... names) throws IOException {
    for (String name : names) {
      Files.createDirectories(folder.resolve(name));
    }
    return Stream.of(names).map(name -> folder.resolve(name).toString()).toList();
  }

  private static boolean mounted(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
