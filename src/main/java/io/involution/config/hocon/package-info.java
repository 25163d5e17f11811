/** HOCON files of users, as data that refers to nothing outside itself. */
package io.involution.config.hocon;
