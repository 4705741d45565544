using System.Text.Json.Serialization;

namespace Chard.Functions.Payments;

/// <summary>What to charge. <see cref="ChargeOrderRules"/> holds the rules.</summary>
/// <param name="Order">The order's number: 1 to 64 of letters, digits, <c>_</c>, <c>.</c> and <c>-</c>.</param>
/// <param name="Amount">The sum in major units: <c>"12.50"</c>. A JSON number is read too, digit by digit; it
/// is written as a string.</param>
/// <param name="Currency">ISO 4217 code: <c>EUR</c>.</param>
/// <param name="Card">The payment provider's token for the card, never the card's number. Not logged.</param>
public sealed record ChargeOrderArgs(
    string Order,
    [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.WriteAsString)] decimal Amount,
    string Currency,
    string Card)
{
    /// <summary>Order and sum; the card's token is left out so that no log gets it.</summary>
    public override string ToString() => $"{Order} {Amount} {Currency}";
}

/// <summary>A charge that was made.</summary>
/// <param name="ChargeId">The payment provider's number of the charge.</param>
/// <param name="Order">The order it pays.</param>
/// <param name="Amount">The sum, with the currency's digits: <c>"12.50"</c>.</param>
/// <param name="Currency">ISO 4217 code.</param>
public sealed record ChargeOrderResult(string ChargeId, string Order, string Amount, string Currency);
