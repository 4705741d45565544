using System.Text.RegularExpressions;
using Chard.Domain.Json;

namespace Chard.Functions.Payments;

/// <summary>What can be charged, and the key under which it is charged once.</summary>
public static partial class ChargeOrderRules
{
    /// <summary>Every fault of <paramref name="args"/>; empty if they will do. No message repeats the card's token.</summary>
    public static IReadOnlyList<JsonFault> Check(ChargeOrderArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var faults = new List<JsonFault>();
        if (!OrderPattern().IsMatch(args.Order ?? ""))
        {
            faults.Add(new("/order", "An order is 1 to 64 characters of A-Z, a-z, 0-9, '_', '.' and '-'."));
        }

        if (!Money.IsCurrency(args.Currency))
        {
            faults.Add(new("/currency", "A currency is a code of three capital letters such as EUR."));
        }
        else if (Money.Fault(args.Amount, args.Currency) is { } fault)
        {
            faults.Add(new("/amount", fault));
        }

        if (LooksLikeCardNumber(args.Card ?? ""))
        {
            faults.Add(
                new("/card", "That looks like a card's number. Give the payment provider's token for the card: arguments are stored."));
        }
        else if (!CardPattern().IsMatch(args.Card ?? ""))
        {
            faults.Add(
                new("/card", "A card is its token at the payment provider: 1 to 200 characters of A-Z, a-z, 0-9, '_', '.', ':' and '-'."));
        }

        return faults;
    }

    /// <summary>
    /// The idempotency key of a charge: <c>charge-{order}-{amount}-{currency}</c>. The same order, sum and currency give the same key,
    /// whoever asks and however the sum is written, so that the payment provider charges once.
    /// </summary>
    public static string Key(ChargeOrderArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return $"charge-{args.Order}-{Money.Text(args.Amount, args.Currency)}-{args.Currency}";
    }

    /// <summary>12 to 19 digits, perhaps grouped, with the check digit that card numbers have.</summary>
    private static bool LooksLikeCardNumber(string card)
    {
        string digits = card.Replace(" ", "", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        if (digits.Length is < 12 or > 19 || !digits.All(char.IsAsciiDigit))
        {
            return false;
        }

        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)] - '0';
            int doubled = digit * 2;
            sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }

        return sum % 10 == 0;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]{1,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CardPattern();
}
