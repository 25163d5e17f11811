package io.involution.data.folder;

import io.involution.data.Subset;
import java.io.Serializable;

/**
 * The folder of a class's images.
 *
 * @param subset whose examples they are
 * @param label the class
 * @param name the class's name
 * @param uri where it is
 */
public record ClassFolder(Subset subset, int label, String name, String uri)
    implements Serializable {}
