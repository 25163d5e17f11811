/**
 * Picture files, such as PNG and JPEG, as the pixels of examples; on the driver and on executors.
 */
package io.involution.data.picture;
