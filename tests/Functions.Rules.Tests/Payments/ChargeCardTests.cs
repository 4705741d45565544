using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Domain.Tests;
using Chard.Functions.Payments;
using Moq;

namespace Chard.Functions.Tests.Payments;

public sealed class ChargeCardTests
{
    private static readonly ChargeOrderArgs Args = new("A-17", 12.5m, "EUR", "tok_visa");
    private readonly Mock<IPaymentApi> _api = new(MockBehavior.Strict);

    [Fact]
    public async Task RunAsync_GoodArgs_ChargesUnderTheKeyOfOrderAndSum()
    {
        _api.Setup(a => a.ChargeAsync(Args, "charge-A-17-12.50-EUR", It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Charge("ch_1", 12.50m, "EUR"));

        ChargeOrderResult result = await new ChargeCard(_api.Object).RunAsync(Args, TestContexts.Of("some-other-key"), default);

        Assert.Equal(new ChargeOrderResult("ch_1", "A-17", "12.50", "EUR"), result);
    }

    [Theory]
    [InlineData("12.51", "EUR")]
    [InlineData("12.50", "USD")]
    public async Task RunAsync_ChargeOfAnotherSum_IsAPermanentFailure(string amount, string currency)
    {
        decimal charged = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);
        _api.Setup(a => a.ChargeAsync(Args, It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Charge("ch_1", charged, currency));

        var e = await Assert.ThrowsAsync<PermanentTaskException>(
            () => new ChargeCard(_api.Object).RunAsync(Args, TestContexts.Of("k"), default));

        Assert.Equal("charge-mismatch", e.Code);
        Assert.Contains("ch_1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_BadArgs_AsksNobody()
    {
        var e = await Assert.ThrowsAsync<PermanentTaskException>(
            () => new ChargeCard(_api.Object).RunAsync(Args with { Amount = -1 }, TestContexts.Of("k"), default));

        Assert.Equal("invalid-args", e.Code);
        Assert.Contains("/amount", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DidItLandAsync_ChargeIsThere_GivesWhatTheRunWouldHaveGiven()
    {
        _api.Setup(a => a.FindAsync("charge-A-17-12.50-EUR", It.IsAny<CancellationToken>())).ReturnsAsync(new Charge("ch_1"));

        ProbeAnswer<ChargeOrderResult> answer = await new ChargeCard(_api.Object).DidItLandAsync(Args, TestContexts.Of("k"), default);

        Assert.Equal(new(true, new("ch_1", "A-17", "12.50", "EUR")), answer);
    }

    [Fact]
    public async Task DidItLandAsync_NoCharge_SaysNo()
    {
        _api.Setup(a => a.FindAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync((Charge?)null);

        Assert.False((await new ChargeCard(_api.Object).DidItLandAsync(Args, TestContexts.Of("k"), default)).Landed);
    }
}
