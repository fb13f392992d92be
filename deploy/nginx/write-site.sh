#!/bin/sh
# shellcheck disable=SC1111 # the quotation marks are for people
# Writes the part of nginx's configuration that differs between installations (docs/proxy.md), from these variables:
#   PUBLIC_URL, DISCREET_URL   as web has them
#   WEB_SERVERS                where web listens, separated by spaces (127.0.0.1:8000)
#   WEB_RESOLVER               a name server that says where WEB_SERVERS are at the moment, as in compose; may be empty
#   TLS_FOLDER                 has public/ and discreet/, each with fullchain.pem and privkey.pem (/etc/nginx/tls)
#   SITE_FILE                  the file to write (/etc/nginx/conf.d/walkandtalk.conf)
#   HTTP_PORT                  where browsers are sent on to https (80)
set -eu

fail() {
    echo "write-site.sh: $*" >&2
    exit 1
}

# "https://walk.example.com:8443/" is walk.example.com:8443
site_of() {
    case $1 in
        https://?*) site=${1#https://} ;;
        *) fail "“$1” must begin with https://" ;;
    esac
    site=${site%/}
    case $site in
        *[!A-Za-z0-9.:-]*) fail "“$1” must be https:// and a name, without a path" ;;
    esac
    echo "$site" | tr '[:upper:]' '[:lower:]'
}

# Each name has a certificate of its own: one with both would tell everyone that they belong together.
check_certificate() {
    for file in "$tls/$1/fullchain.pem" "$tls/$1/privkey.pem"; do
        [ -r "$file" ] || fail "$file is missing, or can’t be read"
    done
    command -v openssl >/dev/null || return 0
    openssl x509 -in "$tls/$1/fullchain.pem" -noout -checkhost "$2" | grep -q "does match" ||
        fail "$tls/$1/fullchain.pem is not a certificate of $2"
    openssl x509 -in "$tls/$1/fullchain.pem" -noout -checkhost "$3" | grep -q "NOT match" ||
        fail "$tls/$1/fullchain.pem is also a certificate of $3. Get one for each name"
}

listen() {
    echo "    listen $1;"
    [ ! -e /proc/net/if_inet6 ] || echo "    listen [::]:$1;"
}

web() {
    if [ -n "${WEB_RESOLVER:-}" ]; then
        echo "resolver $WEB_RESOLVER valid=2s ipv6=off;"
        echo "map \"\" \$web {"
        echo "    default $servers;"
    else
        echo "map \"\" \$web {"
        echo "    default walkandtalk;"
        echo "}"
        echo "upstream walkandtalk {"
        for server in $servers; do
            echo "    server $server max_fails=3 fail_timeout=2s;"
        done
    fi
    echo "}"
}

redirect() {
    echo "server {"
    listen "$http_port"
    echo "    server_name ${1%:*};"
    echo "    return 301 https://$1\$request_uri;"
    echo "}"
}

site() {
    echo "server {"
    listen "$https_port ssl http2" # "http2 on" is newer than nginx 1.22
    echo "    server_name ${2%:*};"
    echo "    ssl_certificate $tls/$1/fullchain.pem;"
    echo "    ssl_certificate_key $tls/$1/privkey.pem;"
    echo "    set \$site $2;"
    echo "    set \$pages /etc/nginx/walkandtalk/pages/$1;"
    echo "    include walkandtalk/$1.conf;"
    echo "}"
}

# No other name is answered, and no certificate is shown to whoever asks for one.
strangers() {
    echo "server {"
    listen "$http_port default_server"
    listen "$https_port ssl http2 default_server"
    echo "    ssl_reject_handshake on;"
    echo "    access_log off;"
    echo "    return 444;"
    echo "}"
}

public=$(site_of "${PUBLIC_URL:?}")
discreet=$(site_of "${DISCREET_URL:?}")
servers=${WEB_SERVERS:-127.0.0.1:8000}
tls=${TLS_FOLDER:-/etc/nginx/tls}
http_port=${HTTP_PORT:-80}
https_port=443
case $public in *:*) https_port=${public##*:} ;; esac
case $discreet in *:*) other_port=${discreet##*:} ;; *) other_port=443 ;; esac
[ "$https_port" = "$other_port" ] || fail "PUBLIC_URL and DISCREET_URL must have the same port"
[ "${public%:*}" != "${discreet%:*}" ] || fail "PUBLIC_URL and DISCREET_URL must be two different names"
check_certificate public "${public%:*}" "${discreet%:*}"
check_certificate discreet "${discreet%:*}" "${public%:*}"

{
    echo "# Written by write-site.sh. Change the variables and run it again."
    web
    site public "$public"
    site discreet "$discreet"
    redirect "$public"
    redirect "$discreet"
    strangers
} >"${SITE_FILE:-/etc/nginx/conf.d/walkandtalk.conf}"
