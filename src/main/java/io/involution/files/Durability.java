package io.involution.files;

/** Whether a write waits until a power cut can no longer undo it. */
public enum Durability {
  /** It returns once the file, its name, and the folders made for it are on the disk. */
  ON_DISK,
  /** It does not wait: the file is soon written again, and nothing is lost without it. */
  NOT_NEEDED
}
