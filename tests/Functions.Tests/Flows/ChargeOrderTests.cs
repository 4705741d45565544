using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chard.Functions.Tests.Servers;

namespace Chard.Functions.Tests.Flows;

public sealed class ChargeOrderTests : IAsyncLifetime
{
    private FlowHost _host = null!;

    public async Task InitializeAsync() => _host = await FlowHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task ChargeOrder_GoodCard_IsChargedOnce()
    {
        JsonElement result = await _host.ResultAsync(await _host.StartWorkflowAsync("ChargeOrder", Order("A-1")));

        Assert.Equal("""{"chargeId":"ch_1","order":"A-1","amount":"12.50","currency":"EUR"}""", result.GetRawText());
        Assert.Equal(["charge-A-1-12.50-EUR"], _host.Payments.Requests);
        Assert.Equal(1, _host.Payments.Charged);
    }

    [Fact]
    public async Task ChargeOrder_DeclinedCard_FailsAtOnceAndIsOnTheTable()
    {
        _host.Payments.Next(PaymentAnswer.Decline);

        string id = await _host.StartWorkflowAsync("ChargeOrder", Order("A-2"));

        Assert.Equal("card-declined", await _host.FailureAsync(id));
        Assert.Single(_host.Payments.Requests);
        Assert.Equal(0, _host.Payments.Charged);
        Assert.Equal("card-declined", (await DeadLetterAsync(id)).GetProperty("class").GetString());
    }

    [Fact]
    public async Task ChargeOrder_DeclinedCardThatParks_GoesOnWithTheCardThatAnOperatorGives()
    {
        await using FlowHost host = await FlowHost.StartAsync(o =>
        {
            o.Settings["Chard:Tasks:ChargeCard:OnExhausted"] = "park";
        });
        host.Payments.Next(PaymentAnswer.Decline);
        string id = await host.StartWorkflowAsync("ChargeOrder", Order("A-10"));
        await host.UntilAsync(id, "parked");

        string letter = (await DeadLetterAsync(id, host)).GetProperty("id").GetString()!;
        using HttpResponseMessage answer = await host.App.Http.PostAsJsonAsync(
            $"/api/dead-letters/{letter}/retry",
            new { args = new { order = "A-10", amount = "12.50", currency = "EUR", card = "tok_other" } });

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal("ch_1", (await host.ResultAsync(id)).GetProperty("chargeId").GetString());
        Assert.Equal(["charge-A-10-12.50-EUR", "charge-A-10-12.50-EUR"], host.Payments.Requests);
        Assert.Contains("tok_other", host.Payments.Bodies.Last(), StringComparison.Ordinal);
        Assert.Equal(1, host.Payments.Charged);
    }

    [Fact]
    public async Task ChargeOrder_ProviderThatFails_IsTriedSixTimesWithTheSeedsDelays()
    {
        _host.Payments.Next([.. Enumerable.Repeat(PaymentAnswer.Fail, 5)]);

        await _host.ResultAsync(await _host.StartWorkflowAsync("ChargeOrder", Order("A-3")));

        Assert.Equal(6, _host.Payments.Requests.Count);
        Assert.Equal(1, _host.Payments.Charged);
        Assert.InRange(_host.App.Time!.Skipped, TimeSpan.FromSeconds(1850), TimeSpan.FromSeconds(2200));
    }

    [Fact]
    public async Task ChargeOrder_ProviderThatNeverRecovers_FailsAfterSixTries()
    {
        _host.Payments.Next([.. Enumerable.Repeat(PaymentAnswer.Fail, 10)]);

        Assert.Equal("http-500", await _host.FailureAsync(await _host.StartWorkflowAsync("ChargeOrder", Order("A-4"))));
        Assert.Equal(6, _host.Payments.Requests.Count);
    }

    [Fact]
    public async Task ChargeOrder_Throttled_WaitsAsAskedAndSpendsNoAttempt()
    {
        _host.Payments.RetryAfterSeconds = 500;
        _host.Payments.Next([.. Enumerable.Repeat(PaymentAnswer.Throttle, 8)]);

        await _host.ResultAsync(await _host.StartWorkflowAsync("ChargeOrder", Order("A-5")));

        Assert.Equal(9, _host.Payments.Requests.Count);
        Assert.True(_host.App.Time!.Skipped >= TimeSpan.FromSeconds(8 * 500));
    }

    [Theory]
    [InlineData(PaymentAnswer.ChargeAndHang)]
    [InlineData(PaymentAnswer.ChargeAndDrop)]
    [InlineData(PaymentAnswer.ChargeAndBabble)]
    public async Task ChargeOrder_AnswerLostAfterCharging_IsChargedOnce(PaymentAnswer answer)
    {
        _host.Payments.Next(answer);

        JsonElement result = await _host.ResultAsync(await _host.StartWorkflowAsync("ChargeOrder", Order($"A-6-{answer}")));

        Assert.Equal("ch_1", result.GetProperty("chargeId").GetString());
        Assert.Equal(2, _host.Payments.Requests.Count);
        Assert.Equal(1, _host.Payments.Charged);
    }

    [Fact]
    public async Task ChargeOrder_ActivityDeliveredTwiceOrItsResultLost_IsAskedForOnce()
    {
        _host.App.Faults.DeliverTwice("ChargeCard");
        await _host.ResultAsync(await _host.StartWorkflowAsync("ChargeOrder", Order("A-7")));
        _host.App.Faults.LoseResult("ChargeCard");
        await _host.ResultAsync(await _host.StartWorkflowAsync("ChargeOrder", Order("A-8")));

        Assert.Equal(["charge-A-7-12.50-EUR", "charge-A-8-12.50-EUR"], _host.Payments.Requests);
        Assert.Equal(2, _host.Payments.Charged);
    }

    [Fact]
    public async Task ChargeOrder_SameOrderByTwoWorkflows_IsChargedOnce()
    {
        string first = await _host.StartWorkflowAsync("ChargeOrder", Order("A-9", "12.5"));
        string second = await _host.StartWorkflowAsync("ChargeOrder", Order("A-9", "12.50"));

        Assert.Equal(
            (await _host.ResultAsync(first)).GetProperty("chargeId").GetString(),
            (await _host.ResultAsync(second)).GetProperty("chargeId").GetString());
        Assert.Equal(1, _host.Payments.Charged);
    }

    [Theory]
    [InlineData("""{"order":"A","amount":"12.505","currency":"EUR","card":"tok"}""", "/args/amount")]
    [InlineData("""{"order":"A","amount":"12.50","currency":"EUR","card":"4242424242424242"}""", "/args/card")]
    [InlineData("""{"order":"A","amount":"12.50","currency":"EUR","card":"tok","tip":1}""", "/args/tip")]
    public async Task ChargeOrder_BadArgs_AreRefusedWithAPointer(string args, string pointer)
    {
        using HttpResponseMessage answer = await _host.App.Http.PostAsJsonAsync(
            "/api/workflows", new { workflow = "ChargeOrder", args = JsonElement.Parse(args) });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        string problem = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"\"{pointer}\"", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("4242", problem, StringComparison.Ordinal);
        Assert.Empty(_host.Payments.Requests);
    }

    private async Task<JsonElement> DeadLetterAsync(string workflowId, FlowHost? host = null) =>
        Assert.Single(
            JsonElement.Parse(await (host ?? _host).App.Http.GetStringAsync($"/api/dead-letters?workflowId={workflowId}"))
                .GetProperty("deadLetters").EnumerateArray());

    private static object Order(string order, string amount = "12.50") =>
        new { order = $"{order}", amount, currency = "EUR", card = "tok_visa" };
}
