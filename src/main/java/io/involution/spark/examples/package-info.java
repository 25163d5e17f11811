/** Examples that Spark jobs read, decode and order: folders of images, and tables. */
package io.involution.spark.examples;
