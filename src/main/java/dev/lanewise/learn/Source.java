package dev.lanewise.learn;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Labelled examples before they are encoded: a table, or images. */
sealed interface Source {

  /** {@return what messages and the provenance call it} */
  String name();

  /** {@return the number of examples} */
  int rows();

  /** {@return the number of each row's class; empty for values} */
  Optional<int[]> classes(Optional<Roles> roles);

  /** {@return the number of each row's group, if rows have groups} */
  Optional<int[]> groups(Optional<Roles> roles);

  /** {@return the weights of rows, if rows have weights} */
  Optional<float[]> weights(Optional<Roles> roles, int[] rows);

  /** {@return an encoder fitted on training rows} */
  Encoder fit(Optional<Roles> roles, int[] training, Encoder.Options options);

  /** {@return these examples and, behind them, others of the same kind} */
  Source append(Source more);

  /** {@return encoded rows with targets} */
  Dataset dataset(Optional<Roles> roles, Encoder encoder, int[] rows);

  /** Rows of a table. */
  record OfTable(Table table) implements Source {

    @Override
    public String name() {
      return table.source();
    }

    @Override
    public int rows() {
      return table.rows();
    }

    @Override
    public Optional<int[]> classes(Optional<Roles> roles) {
      Roles known = required(roles);
      if (known.task() == Task.REGRESS) {
        return Optional.empty();
      }
      int label = table.column(known.labels().getFirst());
      return Optional.of(Target.Classes.of(table, label).numbers(table, label, table.all()));
    }

    @Override
    public Optional<int[]> groups(Optional<Roles> roles) {
      Optional<String> name = required(roles).groups();
      if (name.isEmpty()) {
        return Optional.empty();
      }
      int column = table.column(name.get());
      Map<String, Integer> numbers = new HashMap<>();
      int[] groups = new int[rows()];
      for (int row = 0; row < groups.length; row++) {
        String group = table.text(row, column);
        if (group == null) {
          throw new DataException(
              "%s line %d, column %s: missing; expected a group"
                  .formatted(name(), table.line(row), table.name(column)));
        }
        groups[row] = numbers.computeIfAbsent(group, text -> numbers.size());
      }
      return Optional.of(groups);
    }

    @Override
    public Optional<float[]> weights(Optional<Roles> roles, int[] rows) {
      Optional<String> name = required(roles).weights();
      if (name.isEmpty()) {
        return Optional.empty();
      }
      int column = table.column(name.get());
      double[] numbers = table.numbers(column, rows);
      float[] weights = new float[rows.length];
      boolean some = rows.length == 0;
      for (int i = 0; i < rows.length; i++) {
        weights[i] = (float) numbers[i];
        if (!(weights[i] >= 0 && weights[i] < Float.POSITIVE_INFINITY)) {
          throw new DataException(
              "%s line %d, column %s: %s; expected a weight, 0 or more"
                  .formatted(name(), table.line(rows[i]), table.name(column), numbers[i]));
        }
        some |= weights[i] > 0;
      }
      if (!some) {
        throw new DataException(
            "%s, column %s: the weights of all %d training rows are 0; expected some above 0"
                .formatted(name(), table.name(column), rows.length));
      }
      return Optional.of(weights);
    }

    @Override
    public Encoder fit(Optional<Roles> roles, int[] training, Encoder.Options options) {
      return Encoder.fit(table, required(roles), training, options);
    }

    @Override
    public Dataset dataset(Optional<Roles> roles, Encoder encoder, int[] rows) {
      return encoder.dataset(table, rows, required(roles).labels().toArray(String[]::new));
    }

    @Override
    public Source append(Source more) {
      if (!(more instanceof OfTable rows)) {
        throw new IllegalArgumentException(
            "dev: %s: images; expected a table".formatted(more.name()));
      }
      return new OfTable(table.append(rows.table));
    }

    private Roles required(Optional<Roles> roles) {
      return roles.orElseThrow(
          () ->
              new IllegalArgumentException(
                  "%s: a table; expected images, as the learner names no label".formatted(name())));
    }
  }

  /** Images, whose classes come with them. */
  record OfImages(Idx.Images images) implements Source {

    @Override
    public String name() {
      return images.source();
    }

    @Override
    public int rows() {
      return images.count();
    }

    @Override
    public Optional<int[]> classes(Optional<Roles> roles) {
      int[] all = new int[rows()];
      Arrays.setAll(all, row -> row);
      Target.Classes classes = (Target.Classes) Encoder.fit(images).target();
      return Optional.of(images.numbers(classes, all));
    }

    @Override
    public Optional<int[]> groups(Optional<Roles> roles) {
      refuse("groups", roles.flatMap(Roles::groups));
      return Optional.empty();
    }

    @Override
    public Optional<float[]> weights(Optional<Roles> roles, int[] rows) {
      refuse("weights", roles.flatMap(Roles::weights));
      return Optional.empty();
    }

    private void refuse(String part, Optional<String> column) {
      if (column.isPresent()) {
        throw new IllegalArgumentException(
            "%s: images; expected a table with the column of %s %s"
                .formatted(name(), part, column.get()));
      }
    }

    @Override
    public Encoder fit(Optional<Roles> roles, int[] training, Encoder.Options options) {
      if (roles.isPresent() && roles.get().task() == Task.REGRESS) {
        throw new IllegalArgumentException(
            "%s: images have classes; expected a classifier".formatted(name()));
      }
      return Encoder.fit(images);
    }

    @Override
    public Source append(Source more) {
      if (!(more instanceof OfImages others)) {
        throw new IllegalArgumentException(
            "dev: %s: a table; expected images".formatted(more.name()));
      }
      return new OfImages(images.append(others.images));
    }

    @Override
    public Dataset dataset(Optional<Roles> roles, Encoder encoder, int[] rows) {
      return encoder.dataset(images, rows);
    }
  }
}
