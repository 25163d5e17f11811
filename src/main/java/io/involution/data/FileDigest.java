package io.involution.data;

import java.io.Serializable;

/**
 * The digests of one file that was read and checked completely.
 *
 * @param file the file's name within the data set
 * @param bytes its length
 * @param md5 lower-case hexadecimal MD5 of its bytes
 * @param sha256 lower-case hexadecimal SHA-256 of its bytes
 */
public record FileDigest(String file, long bytes, String md5, String sha256)
    implements Serializable {}
