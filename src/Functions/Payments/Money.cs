using System.Collections.Frozen;
using System.Globalization;

namespace Chard.Functions.Payments;

/// <summary>Rules for sums of money: exact decimals with the digits that the currency has. Never a binary fraction.</summary>
public static class Money
{
    /// <summary>Largest sum of one charge, in major units.</summary>
    public const decimal Max = 999_999_999.99m;

    /// <summary>ISO 4217 currencies whose minor unit is not a hundredth.</summary>
    private static readonly FrozenDictionary<string, int> Digits = new Dictionary<string, int>
    {
        ["BIF"] = 0, ["CLP"] = 0, ["DJF"] = 0, ["GNF"] = 0, ["ISK"] = 0, ["JPY"] = 0, ["KMF"] = 0, ["KRW"] = 0, ["PYG"] = 0,
        ["RWF"] = 0, ["UGX"] = 0, ["UYI"] = 0, ["VND"] = 0, ["VUV"] = 0, ["XAF"] = 0, ["XOF"] = 0, ["XPF"] = 0,
        ["BHD"] = 3, ["IQD"] = 3, ["JOD"] = 3, ["KWD"] = 3, ["LYD"] = 3, ["OMR"] = 3, ["TND"] = 3,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>How many digits a sum of <paramref name="currency"/> has after the point: 2 unless ISO 4217 says otherwise.</summary>
    public static int DigitsOf(string currency) => Digits.GetValueOrDefault(currency, 2);

    /// <summary>True for three capital letters, the form of an ISO 4217 code.</summary>
    public static bool IsCurrency(string? currency) =>
        currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper);

    /// <summary>What is wrong with the sum; null if it can be charged.</summary>
    public static string? Fault(decimal amount, string currency)
    {
        if (amount is <= 0 or > Max)
        {
            return string.Create(CultureInfo.InvariantCulture, $"An amount is over 0 and at most {Max}.");
        }

        int digits = DigitsOf(currency);
        return decimal.Round(amount, digits) == amount ? null : $"{currency} has {digits} digits after the point.";
    }

    /// <summary>The one text of a sum: <c>12.50</c> for 12.5 EUR, <c>1200</c> for JPY.</summary>
    public static string Text(decimal amount, string currency) =>
        amount.ToString("F" + DigitsOf(currency).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
