package io.involution.metrics;

import io.involution.metrics.RecordingDisk.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * What a power cut may leave of the steps before it: bytes that were waited for, and names in
 * folders that were synced. Of all else the cut keeps or loses what it likes; the bytes of a file
 * that nobody waited for are gone, as on ext4.
 */
final class DiskAfterCut {
  private final Path root;
  private final Node top = new Node(null);

  /** A file or a folder. */
  private static final class Node {
    private final byte[] bytes;
    private final Map<String, Node> now = new TreeMap<>();
    private final Map<String, Node> synced = new TreeMap<>();

    private Node(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /** An empty folder, which is on the disk. */
  DiskAfterCut(Path root) {
    this.root = root;
  }

  /** Takes a step. */
  void take(Step step) {
    Node folder = node(step.path().getParent());
    String name = step.path().getFileName().toString();
    switch (step.kind()) {
      case MAKE_FOLDER -> folder.now.put(name, new Node(null));
      case WRITE -> folder.now.put(name, new Node(step.waited() ? step.bytes() : new byte[0]));
      case RENAME ->
          node(step.to().getParent())
              .now
              .put(step.to().getFileName().toString(), folder.now.remove(name));
      case DELETE -> folder.now.remove(name);
      case SYNC_FOLDER -> {
        Node synced = node(step.path());
        synced.synced.clear();
        synced.synced.putAll(synced.now);
      }
      default -> throw new IllegalArgumentException(step.kind().name());
    }
  }

  private Node node(Path path) {
    Node node = top;
    if (!path.equals(root)) {
      if (!path.startsWith(root)) {
        return new Node(null);
      }
      for (Path name : root.relativize(path)) {
        node = node.now.get(name.toString());
      }
    }
    return node;
  }

  /**
   * Writes what is left.
   *
   * @param keeps whether the next step that nobody has waited for survives
   */
  void write(Path folder, BooleanSupplier keeps) throws IOException {
    write(top, folder, keeps);
  }

  private static void write(Node node, Path path, BooleanSupplier keeps) throws IOException {
    if (node.bytes != null) {
      Files.write(path, node.bytes);
      return;
    }
    Files.createDirectories(path);
    Set<String> names = new LinkedHashSet<>(node.synced.keySet());
    names.addAll(node.now.keySet());
    for (String name : names) {
      Node now = node.now.get(name);
      Node synced = node.synced.get(name);
      Node kept = now == synced || keeps.getAsBoolean() ? now : synced;
      if (kept != null) {
        write(kept, path.resolve(name), keeps);
      }
    }
  }
}
