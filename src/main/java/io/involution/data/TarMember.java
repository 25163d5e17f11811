package io.involution.data;

/**
 * What a tar says of one of its members.
 *
 * @param name its name, folders included
 * @param size bytes that follow
 * @param kind what it is
 */
record TarMember(String name, long size, Kind kind) {
  /** Kinds of members. */
  enum Kind {
    FILE,
    FOLDER,
    /** A link, a device, a file with holes: nothing that this data set has. */
    OTHER
  }
}
