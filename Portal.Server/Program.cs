using Portal.Server.Clusters;
using Portal.Server.Data;
using Portal.Server.Embedded;
using Portal.Server.Hosting;
using Portal.Server.Live.Hub;
using Portal.Server.Security;

var builder = PortalHost.CreateBuilder(args)
    .AddPortalData()
    .AddPortalIdentity()
    .AddConnections()
    .AddEmbeddedSandbox()
    .AddLiveHub()
    .AddPortalPages();

var app = builder.Build();
app.MapPortal();
return await app.RunPortalAsync();
