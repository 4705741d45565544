using Chard.LocalHost.Azurite;

namespace Chard.EndToEnd.Tests.Harness;

/// <summary>One Azurite and one running app, shared by the tests of the collection.</summary>
public sealed class AppFixture : IAsyncLifetime
{
    private AzuriteProcess? _azurite;
    private AppProcess? _app;

    /// <summary>Speaks to the app.</summary>
    public HttpClient Client => _app!.Client;

    /// <summary>The SQLite file that imports go to, where no setting says otherwise.</summary>
    public string Database => Path.Combine(DataFolder, "imports.db");

    internal string DataFolder { get; } = Directory.CreateTempSubdirectory("chard-e2e-").FullName;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _azurite = await AzuriteProcess.StartAsync();
        _app = await AppProcess.StartAsync(DataFolder, _azurite.ConnectionString);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        Directory.Delete(DataFolder, recursive: true);
    }
}

/// <summary>Tests that share the running app.</summary>
[CollectionDefinition(Name)]
public sealed class AppCollection : ICollectionFixture<AppFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "running app";
}
