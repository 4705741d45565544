using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Chard.EndToEnd.Tests.Dashboard;

/// <summary>
/// A window on the dashboard. Whatever the browser complains of, be it a breach of the policy or a fault in a script, fails the test at
/// its end.
/// </summary>
public sealed class Screen : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    public Screen(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            // That an answer was no success is the page's to tell, and not a fault in it.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    public IPage Page { get; }

    /// <summary>Opens a page of the dashboard and waits until it is there, or asks for a key.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).Or(Page.GetByLabel("Function key"))).ToBeVisibleAsync();
    }

    /// <summary>Waits for a heading of the first level.</summary>
    public Task OnAsync(string heading) =>
        Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(heading);

    public Task ClickAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();

    /// <summary>Clicks in the dialog that is open.</summary>
    public Task DecideAsync(string button) =>
        Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>Waits until the page says something anywhere.</summary>
    public Task SaysAsync(string text) => Expect(Page.GetByText(text).First).ToBeVisibleAsync(new() { Timeout = 30_000 });

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_complaints);
    }
}
