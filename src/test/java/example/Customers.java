package example;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The made-up customers of the tutorial, {@code data/customers.csv}: who has left the company, as a
 * random draw from a probability that is known.
 */
final class Customers {

  private static final List<String> PLANS = List.of("basic", "family", "premium");
  private static final LocalDate TODAY = LocalDate.of(2026, 6, 30);

  /**
   * A customer.
   *
   * @param plan the product: basic, family or premium
   * @param since when the contract began
   * @param monthly what the customer pays a month, in euros; null if not known
   * @param calls the calls to the hotline in the last year
   * @param newsletter whether the customer gets the newsletter
   * @param left whether the customer has left
   */
  record Customer(
      String plan, LocalDate since, Double monthly, int calls, boolean newsletter, boolean left) {

    String line() {
      return "%s,%s,%s,%d,%s,%s"
          .formatted(
              plan,
              since,
              monthly == null ? "" : String.format(Locale.ROOT, "%.2f", monthly),
              calls,
              newsletter ? "yes" : "no",
              left ? "left" : "active");
    }
  }

  private Customers() {}

  static final String HEADER = "plan,since,monthly,calls,newsletter,status";

  static List<Customer> draw(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Customer> customers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int plan = random.nextInt(PLANS.size());
      int days = random.nextInt(10 * 365);
      double monthly = Math.rint(100 * (15 + 20 * plan + 15 * random.nextDouble())) / 100;
      int calls = (int) (-2 * StrictMath.log(1 - random.nextDouble()));
      boolean newsletter = random.nextInt(3) > 0;
      double logit =
          1.4 - 1.5 * plan + 0.9 * calls - days / 365.0 * 0.45 + (newsletter ? -0.8 : 0.8);
      boolean left = random.nextDouble() < 1 / (1 + StrictMath.exp(-logit));
      boolean known = random.nextInt(20) > 0;
      customers.add(
          new Customer(
              PLANS.get(plan),
              TODAY.minusDays(days),
              known ? monthly : null,
              calls,
              newsletter,
              left));
    }
    return customers;
  }
}
