package io.involution.data.tar;

/**
 * What a tar says of one of its members.
 *
 * @param name its name, folders included
 * @param size bytes that follow
 * @param kind what it is
 */
public record TarMember(String name, long size, Kind kind) {
  /** Kinds of members. */
  public enum Kind {
    FILE,
    FOLDER,
    /** A link, a device, a file with holes: nothing that this data set has. */
    OTHER
  }
}
