namespace Chard.Functions.Reports.Charts;

/// <summary>What a chart says to who cannot see it.</summary>
/// <param name="Id">Of this chart on its page: letters, digits and <c>-</c>.</param>
/// <param name="Title">What it is.</param>
/// <param name="Description">What there is to see in it.</param>
public sealed record ChartWords(string Id, string Title, string Description);
