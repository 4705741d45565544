using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Chard.Emulator.Functions.Http;

/// <summary>The host's environment as ASP.NET Core's result types ask for it. Web files lie in wwwroot beside the app.</summary>
internal sealed class WebHostEnvironment : IWebHostEnvironment
{
    public WebHostEnvironment(IHostEnvironment host)
    {
        ApplicationName = host.ApplicationName;
        EnvironmentName = host.EnvironmentName;
        ContentRootPath = host.ContentRootPath;
        ContentRootFileProvider = host.ContentRootFileProvider;
        WebRootPath = Path.Combine(ContentRootPath, "wwwroot");
        WebRootFileProvider = Directory.Exists(WebRootPath) ? new PhysicalFileProvider(WebRootPath) : new NullFileProvider();
    }

    public string WebRootPath { get; set; }

    public IFileProvider WebRootFileProvider { get; set; }

    public string ApplicationName { get; set; }

    public IFileProvider ContentRootFileProvider { get; set; }

    public string ContentRootPath { get; set; }

    public string EnvironmentName { get; set; }
}
