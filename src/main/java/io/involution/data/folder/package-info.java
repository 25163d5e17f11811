/** Folders of images: a folder for each class, on any Hadoop file system. */
package io.involution.data.folder;
