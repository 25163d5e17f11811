package io.involution.cli;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system in memory, for root on Linux; tests that need one are skipped for others. */
public final class SmallDisk implements AutoCloseable {
  private final Path root;

  private SmallDisk(Path root) {
    this.root = root;
  }

  /** Mounts one of so many KiB on a new folder. */
  public static SmallDisk mount(Path root, int kibibytes) throws IOException {
    assumeThat(System.getProperty("user.name"))
        .as("only root can mount a file system, which fills up in this test")
        .isEqualTo("root");
    Files.createDirectories(root);
    call("mount", "-t", "tmpfs", "-o", "size=" + kibibytes + "k", "tmpfs", root.toString());
    return new SmallDisk(root);
  }

  /** Makes it larger, as a user does who needs room. */
  public void grow(int kibibytes) throws IOException {
    call("mount", "-o", "remount,size=" + kibibytes + "k", root.toString());
  }

  /** Takes what is left. */
  public void fill() throws IOException {
    try (OutputStream filler = Files.newOutputStream(root.resolve("filler"), CREATE, APPEND)) {
      byte[] piece = new byte[1 << 20];
      while (true) {
        filler.write(piece);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  /** A file or folder in it. */
  public Path resolve(String name) {
    return root.resolve(name);
  }

  @Override
  public void close() throws IOException {
    call("umount", "-l", root.toString());
  }

  private static void call(String... command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.onExit().join().exitValue()).as(String.join(" ", command)).isZero();
  }
}
