/** Files of any Hadoop file system: how a user names them, and how they are read and written. */
package io.involution.files;
