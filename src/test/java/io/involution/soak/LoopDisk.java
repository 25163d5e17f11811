package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An ext4 file system on a loop device, for root on Linux. Its image lies on a second one, which is
 * frozen while the image is copied: the copy holds what had reached the device at one moment, and
 * nothing that was still on its way, as after a power cut.
 */
final class LoopDisk implements AutoCloseable {
  private static final String SIZE = "64M";
  private static final String HOST_SIZE = "160M";

  /** Without ext4's own guess at what has to be forced to the disk. */
  private static final String OPTIONS = "loop,noauto_da_alloc";

  private final Path folder;

  private LoopDisk(Path folder) {
    this.folder = folder;
  }

  /** Makes an empty one; its images and mount points are in a new folder of that name. */
  static LoopDisk make(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("host"));
    Files.createDirectories(folder.resolve("root"));
    run("truncate -s " + HOST_SIZE + " host.img && mkfs.ext4 -q -F host.img", folder);
    run("mount -o loop host.img host", folder);
    LoopDisk disk = new LoopDisk(folder);
    try {
      run("truncate -s " + SIZE + " host/disk.img && mkfs.ext4 -q -F host/disk.img", folder);
      run("mount -o " + OPTIONS + " host/disk.img root", folder);
    } catch (IOException | Error e) {
      disk.close();
      throw e;
    }
    return disk;
  }

  /** Mounts what a power cut has left. */
  static LoopDisk mount(Path image, Path folder) throws IOException {
    Files.createDirectories(folder.resolve("root"));
    run("mount -o " + OPTIONS + " '" + image + "' root", folder);
    return new LoopDisk(folder);
  }

  /** The folder with its files. */
  Path root() {
    return folder.resolve("root");
  }

  /** Copies the image as a power cut leaves it now. */
  void cut(Path image) throws IOException {
    run(
        "fsfreeze -f host; cp --sparse=always host/disk.img '"
            + image
            + "'; code=$?;"
            + " fsfreeze -u host; exit $code",
        folder);
  }

  @Override
  public void close() throws IOException {
    run(
        "for place in root host; do"
            + " if mountpoint -q $place; then umount $place || umount -l $place; fi; done",
        folder);
  }

  private static void run(String script, Path folder) throws IOException {
    Process process =
        new ProcessBuilder("sh", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.onExit().join().exitValue())
        .as("%s: %s (root on Linux?)", script, said)
        .isZero();
  }
}
