using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using Chard.Functions.Payments;

namespace Chard.Functions.Tests.Payments;

public sealed class ChargeOrderRulesTests
{
    private static readonly ChargeOrderArgs Good = new("A-17", 12.5m, "EUR", "tok_visa");

    [Fact]
    public void Check_GoodArgs_HasNoFault() => Assert.Empty(ChargeOrderRules.Check(Good));

    [Theory]
    [InlineData("", "EUR", "tok", "/order")]
    [InlineData("a b", "EUR", "tok", "/order")]
    [InlineData("a/b", "EUR", "tok", "/order")]
    [InlineData("A-17\n", "EUR", "tok", "/order")]
    [InlineData("A", "eur", "tok", "/currency")]
    [InlineData("A", "EURO", "tok", "/currency")]
    [InlineData("A", "", "tok", "/currency")]
    [InlineData("A", "EUR", "", "/card")]
    [InlineData("A", "EUR", "tok 1", "/card")]
    [InlineData("A", "EUR", "4242424242424242", "/card")]
    [InlineData("A", "EUR", "4242-4242-4242-4242", "/card")]
    [InlineData("A", "EUR", "378282246310005", "/card")]
    public void Check_BadMember_IsNamed(string order, string currency, string card, string at) =>
        Assert.Equal([at], ChargeOrderRules.Check(new(order, 1m, currency, card)).Select(f => f.Pointer));

    [Theory]
    [InlineData("0", "EUR", false)]
    [InlineData("-1", "EUR", false)]
    [InlineData("0.001", "EUR", false)]
    [InlineData("1000000000", "EUR", false)]
    [InlineData("0.01", "EUR", true)]
    [InlineData("12.500", "EUR", true)]
    [InlineData("100.5", "JPY", false)]
    [InlineData("100", "JPY", true)]
    [InlineData("1.234", "KWD", true)]
    [InlineData("1.2345", "KWD", false)]
    public void Check_Amount_HasTheDigitsOfItsCurrency(string amount, string currency, bool good) =>
        Assert.Equal(good, ChargeOrderRules.Check(Good with
        {
            Amount = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Currency = currency
        }).Count == 0);

    [Fact]
    public void Check_CardNumber_IsNotRepeated()
    {
        JsonFault fault = Assert.Single(ChargeOrderRules.Check(Good with { Card = "4242424242424242" }));

        Assert.DoesNotContain("4242", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_LongDigitsThatAreNoCardNumber_AreAToken() =>
        Assert.Empty(ChargeOrderRules.Check(Good with { Card = "4242424242424241" }));

    [Theory]
    [InlineData("12.5", "EUR", "charge-A-17-12.50-EUR")]
    [InlineData("12.50", "EUR", "charge-A-17-12.50-EUR")]
    [InlineData("12.500", "EUR", "charge-A-17-12.50-EUR")]
    [InlineData("1200.0", "JPY", "charge-A-17-1200-JPY")]
    [InlineData("1.2", "KWD", "charge-A-17-1.200-KWD")]
    public void Key_SameSumHoweverWritten_IsTheSame(string amount, string currency, string key) =>
        Assert.Equal(key, ChargeOrderRules.Key(
            Good with { Amount = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Currency = currency }));

    [Theory]
    [InlineData("""{"order":"A","amount":"0.10","currency":"EUR","card":"tok"}""")]
    [InlineData("""{"order":"A","amount":0.10,"currency":"EUR","card":"tok"}""")]
    public void Args_AmountAsTextOrNumber_IsReadDigitByDigitAndWrittenAsText(string json)
    {
        Assert.True(ArgsDocument.TryRead(JsonElement.Parse(json), out ChargeOrderArgs? args, out _));

        Assert.Equal(0.10m, args.Amount);
        Assert.Contains("\"amount\":\"0.10\"", JsonSerializer.Serialize(args, TaskJson.Options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"order":"A","amount":"ten","currency":"EUR","card":"tok"}""", "/amount")]
    [InlineData("""{"order":7,"amount":"1","currency":"EUR","card":"tok"}""", "/order")]
    [InlineData("""{"order":"A","amount":"1","currency":"EUR"}""", "")]
    [InlineData("""{"order":"A","amount":"1","currency":"EUR","card":null}""", "/card")]
    [InlineData("""{"order":"A","amount":"1","currency":"EUR","card":"tok","cvc":"123"}""", "/cvc")]
    [InlineData("[]", "")]
    public void Validate_DocumentOfAnotherShape_SaysWhere(string json, string at) =>
        Assert.Equal(at, Assert.Single(ArgsDocument.Validate<ChargeOrderArgs>(JsonElement.Parse(json), ChargeOrderRules.Check)).Pointer);

    [Fact]
    public void ToString_LeavesTheCardOut() =>
        Assert.DoesNotContain("tok_visa", Good.ToString(), StringComparison.Ordinal);
}
